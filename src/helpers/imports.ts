import { locale, plural, t } from "../lib/texts.js";
import { count } from "./numbers.js";

const THINGS: Record<string, (count: number) => string> = {
  hidden: (count) => plural(count, "{count} hidden note", "{count} hidden notes"),
  pictures: (count) => plural(count, "{count} picture", "{count} pictures"),
  files: (count) => plural(count, "{count} file", "{count} files"),
  damaged: (count) =>
    plural(count, "{count} missing or damaged file", "{count} missing or damaged files"),
  steps: (count) => plural(count, "{count} step of a tool", "{count} steps of tools"),
};
const LIST = new Intl.ListFormat(locale);

/** "1 picture and 2 files left out": what of a conversation is not taken in; empty where nothing is. */
export function leftOutWords(json: string): string {
  const counts = Object.entries(JSON.parse(json) as Record<string, number>);
  const things = counts.map(([kind, count]) => THINGS[kind]?.(count) ?? `${count} ${kind}`);
  return things.length > 0 ? t("{things} left out", { things: LIST.format(things) }) : "";
}

/** "2 presets and 1 folder": what of somebody's library is in a file. */
export function libraryWords(json: string): string {
  const { presets = 0, prompts = 0, folders = 0 } = JSON.parse(json) as Record<string, number>;
  const parts = [
    presets > 0 && plural(presets, "{count} preset", "{count} presets"),
    prompts > 0 && plural(prompts, "{count} prompt", "{count} prompts"),
    folders > 0 && plural(folders, "{count} folder", "{count} folders"),
  ];
  return LIST.format(parts.filter((part) => part !== false));
}

/** "1,204 messages". */
export function messagesWords(messages: number): string {
  return plural(messages, "{count} message", "{count} messages", { count: count(messages) });
}
