import type { Request, Response } from "express";
import { clear, readSigned, setSigned } from "./cookies.js";

const LIFETIME_MS = 60_000;

const TRASH = { href: "/trash", label: "Open the trash" };
const ARCHIVE = { href: "/archive", label: "Open the archive" };

interface Message {
  kind: "success" | "notice";
  text: string;
  link?: { href: string; label: string };
}

const MESSAGES = {
  registered: { kind: "success", text: "Account created successfully" },
  loggedIn: { kind: "success", text: "Logged in successfully" },
  loggedOut: { kind: "notice", text: "You've been logged out" },
  draftKept: {
    kind: "success",
    text: "Logged in successfully. Your text is back in the box below.",
  },
  passwordReset: { kind: "success", text: "Password changed. Log in with the new one." },
  passwordChanged: { kind: "success", text: "Password changed. Other sessions have been ended." },
  cleared: { kind: "success", text: "Chat history cleared", link: TRASH },
  forked: {
    kind: "success",
    text: "Forked. The conversation that this is a copy of stays as it is.",
  },
  forkedQuestion: {
    kind: "success",
    text: "Forked. Your question is in the box below: change it, or send it as it is.",
  },
  deleted: { kind: "success", text: "Conversation moved to the trash", link: TRASH },
  deletedChosen: { kind: "success", text: "Moved to the trash", link: TRASH },
  archived: { kind: "success", text: "Moved to the archive", link: ARCHIVE },
  unarchived: { kind: "success", text: "Back in the list" },
  restored: { kind: "success", text: "Restored: it is where it was" },
  erased: { kind: "success", text: "Deleted for good" },
  emptied: { kind: "success", text: "The trash is empty" },
  askedOtherwise: { kind: "success", text: "Saved. It holds from the next answer on." },
  askedAnew: {
    kind: "success",
    text: "Saved. It holds from the next answer on, which reads the whole conversation anew: the cache begins again.",
  },
  presetAdded: { kind: "success", text: "Preset added. Ask it something." },
  presetChanged: { kind: "success", text: "Preset changed" },
  presetCopied: { kind: "success", text: "This one is your own. Change it as you like." },
  presetDeleted: { kind: "success", text: "Preset deleted" },
  promptAdded: { kind: "success", text: "Prompt added" },
  promptChanged: { kind: "success", text: "Prompt changed" },
  promptDeleted: { kind: "success", text: "Prompt deleted" },
  folderMade: { kind: "success", text: "The folder is there" },
  folderDeleted: { kind: "success", text: "Folder deleted. What was in it is in the list" },
  putIntoFolder: { kind: "success", text: "Put into the folder" },
  takenOutOfFolder: { kind: "success", text: "Taken out of the folder" },
  importForgotten: { kind: "success", text: "Removed. What was imported from it stays." },
  temporaryEnded: { kind: "success", text: "Ended. Nothing of it was kept" },
  renamed: { kind: "success", text: "Renamed" },
  priceSaved: { kind: "success", text: "Price saved" },
  priceDeleted: { kind: "success", text: "Price deleted" },
  providerAdded: { kind: "success", text: "Provider added" },
  providerSaved: { kind: "success", text: "Saved" },
  providerTested: { kind: "notice", text: "Tested just now: its condition says what came of it" },
  providerOn: { kind: "success", text: "Switched on" },
  providerOff: { kind: "success", text: "Switched off" },
  providerRemoved: { kind: "success", text: "Provider removed" },
  shareRenewed: { kind: "success", text: "The link shows what you have chosen now" },
  shareRevoked: { kind: "success", text: "Revoked: the link opens nothing any more" },
  sharesRevoked: { kind: "success", text: "Revoked: none of your links opens anything any more" },
  copied: {
    kind: "success",
    text: "Copied. What you ask from here on is in your conversation alone.",
  },
  copiedQuestion: {
    kind: "success",
    text: "Copied. The last question is in the box below: change it, or send it as it is.",
  },
  noneChosen: { kind: "notice", text: "Choose at least one conversation first." },
} as const satisfies Record<string, Message>;

type FlashCode = keyof typeof MESSAGES;

/** Says something on the next page. The cookie holds a code, never text, and needs no session. */
export function flash(response: Response, code: FlashCode) {
  setSigned(response, "flash", code, LIFETIME_MS);
}

export function takeFlash(request: Request, response: Response): Message | null {
  const code = readSigned(request, "flash");
  if (code === null) return null;

  clear(response, "flash");
  return MESSAGES[code as FlashCode] ?? null;
}
