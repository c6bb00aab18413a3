import { type Conversation, type FoundFile, Unfit } from "./arrival.js";
import { isOurs, ours } from "./formats/aifacade.js";
import { chatGpt, isChatGpt } from "./formats/chatgpt.js";
import { claude, isClaude } from "./formats/claude.js";
import { isLibreChat, libreChat } from "./formats/librechat.js";
import { isOpenWebUi, openWebUi } from "./formats/open-webui.js";
import { object, text } from "./values.js";

type Fields = Record<string, unknown>;

interface Format {
  name: FormatName;
  fits(value: Fields): boolean;
  read(value: Fields): Conversation & { files?: FoundFile[] };
}

export type FormatName = "AIFacade" | "ChatGPT" | "Claude" | "Open WebUI" | "LibreChat";

const FORMATS: Format[] = [
  { name: "AIFacade", fits: isOurs, read: ours },
  { name: "ChatGPT", fits: isChatGpt, read: chatGpt },
  { name: "Claude", fits: isClaude, read: claude },
  { name: "Open WebUI", fits: isOpenWebUi, read: openWebUi },
  { name: "LibreChat", fits: isLibreChat, read: libreChat },
];

/** Which program has written this conversation; null where none of those that are known. */
export function formatOf(value: unknown): Format | null {
  const fields = object(value);
  return fields && (FORMATS.find(({ fits }) => fits(fields)) ?? null);
}

/** What a conversation that cannot be taken in may be called. */
export function titleIn(value: unknown): string {
  const fields = object(value) ?? {};
  return text(fields.title) || text(fields.name) || text(object(fields.conversation)?.title);
}

export function conversationIn(value: unknown) {
  const format = formatOf(value);
  if (!format) throw new Unfit("unknown_program");
  return { ...format.read(value as Fields), format: format.name };
}
