import { counted } from "../lib/text.js";
import { plural } from "../lib/texts.js";

const NAMES: Record<string, [one: string, many: string]> = {
  hidden: ["hidden note", "hidden notes"],
  pictures: ["picture", "pictures"],
  files: ["file", "files"],
  damaged: ["missing or damaged file", "missing or damaged files"],
  steps: ["step of a tool", "steps of tools"],
};

/** "1 picture and 2 files left out": what of a conversation is not taken in; empty where nothing is. */
export function leftOutWords(json: string): string {
  const counts = Object.entries(JSON.parse(json) as Record<string, number>);
  const parts = counts.map(
    ([kind, count]) => `${count} ${NAMES[kind]?.[count === 1 ? 0 : 1] ?? kind}`,
  );
  return parts.length > 0 ? `${listed(parts)} left out` : "";
}

/** "2 presets and 1 folder": what of somebody's library is in a file. */
export function libraryWords(json: string): string {
  const { presets = 0, prompts = 0, folders = 0 } = JSON.parse(json) as Record<string, number>;
  const parts = [
    presets > 0 && plural(presets, "{count} preset", "{count} presets"),
    prompts > 0 && plural(prompts, "{count} prompt", "{count} prompts"),
    folders > 0 && plural(folders, "{count} folder", "{count} folders"),
  ];
  return parts.filter(Boolean).join(", ");
}

/** "1,204 messages". */
export function messagesWords(count: number): string {
  return count < 1000 ? counted(count, "message") : `${count.toLocaleString("en")} messages`;
}

function listed(parts: string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
