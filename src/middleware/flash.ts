import type { Request, Response } from "express";
import { t } from "../lib/texts.js";
import { clear, readSigned, setSigned } from "./cookies.js";

const LIFETIME_MS = 60_000;

const TRASH = { href: "/trash", label: t("Open the trash") };
const ARCHIVE = { href: "/archive", label: t("Open the archive") };

interface Message {
  kind: "success" | "notice";
  text: string;
  link?: { href: string; label: string };
}

const MESSAGES = {
  registered: { kind: "success", text: t("Account created successfully") },
  loggedIn: { kind: "success", text: t("Logged in successfully") },
  loggedOut: { kind: "notice", text: t("You've been logged out") },
  draftKept: {
    kind: "success",
    text: t("Logged in successfully. Your text is back in the box below."),
  },
  passwordReset: { kind: "success", text: t("Password changed. Log in with the new one.") },
  passwordChanged: {
    kind: "success",
    text: t("Password changed. Other sessions have been ended."),
  },
  cleared: { kind: "success", text: t("Chat history cleared"), link: TRASH },
  forked: {
    kind: "success",
    text: t("Forked. The conversation that this is a copy of stays as it is."),
  },
  forkedQuestion: {
    kind: "success",
    text: t("Forked. Your question is in the box below: change it, or send it as it is."),
  },
  deleted: { kind: "success", text: t("Conversation moved to the trash"), link: TRASH },
  deletedChosen: { kind: "success", text: t("Moved to the trash"), link: TRASH },
  archived: { kind: "success", text: t("Moved to the archive"), link: ARCHIVE },
  unarchived: { kind: "success", text: t("Back in the list") },
  restored: { kind: "success", text: t("Restored: it is where it was") },
  erased: { kind: "success", text: t("Deleted for good") },
  emptied: { kind: "success", text: t("The trash is empty") },
  askedOtherwise: { kind: "success", text: t("Saved. It holds from the next answer on.") },
  askedAnew: {
    kind: "success",
    text: t(
      "Saved. It holds from the next answer on, which reads the whole conversation anew: the cache begins again.",
    ),
  },
  presetAdded: { kind: "success", text: t("Preset added. Ask it something.") },
  presetChanged: { kind: "success", text: t("Preset changed") },
  presetCopied: { kind: "success", text: t("This one is your own. Change it as you like.") },
  presetDeleted: { kind: "success", text: t("Preset deleted") },
  promptAdded: { kind: "success", text: t("Prompt added") },
  promptChanged: { kind: "success", text: t("Prompt changed") },
  promptDeleted: { kind: "success", text: t("Prompt deleted") },
  folderMade: { kind: "success", text: t("The folder is there") },
  folderDeleted: { kind: "success", text: t("Folder deleted. What was in it is in the list") },
  putIntoFolder: { kind: "success", text: t("Put into the folder") },
  takenOutOfFolder: { kind: "success", text: t("Taken out of the folder") },
  importForgotten: { kind: "success", text: t("Removed. What was imported from it stays.") },
  temporaryEnded: { kind: "success", text: t("Ended. Nothing of it was kept") },
  renamed: { kind: "success", text: t("Renamed") },
  priceSaved: { kind: "success", text: t("Price saved") },
  priceDeleted: { kind: "success", text: t("Price deleted") },
  providerAdded: { kind: "success", text: t("Provider added") },
  providerSaved: { kind: "success", text: t("Saved") },
  providerTested: {
    kind: "notice",
    text: t("Tested just now: its condition says what came of it"),
  },
  providerOn: { kind: "success", text: t("Switched on") },
  providerOff: { kind: "success", text: t("Switched off") },
  providerRemoved: { kind: "success", text: t("Provider removed") },
  shareRenewed: { kind: "success", text: t("The link shows what you have chosen now") },
  shareRevoked: { kind: "success", text: t("Revoked: the link opens nothing any more") },
  sharesRevoked: {
    kind: "success",
    text: t("Revoked: none of your links opens anything any more"),
  },
  copied: {
    kind: "success",
    text: t("Copied. What you ask from here on is in your conversation alone."),
  },
  copiedQuestion: {
    kind: "success",
    text: t("Copied. The last question is in the box below: change it, or send it as it is."),
  },
  noneChosen: { kind: "notice", text: t("Choose at least one conversation first.") },
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
