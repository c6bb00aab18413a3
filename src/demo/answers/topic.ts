import { firstWords } from "../../lib/text.js";
import type { Message } from "../request.js";

export interface Asked {
  /** The last thing the person wrote. */
  question: string;
  /** Everything that was sent, the question with it. */
  messages: readonly Message[];
  /** Grows when the same is asked again, which is a wish for other words. */
  variant: number;
}

export interface Topic {
  /** Ends the sentence "This is about …". */
  name: string;
  /** The words by which a text is known to be about this, or null. */
  finds(text: string): string | null;
  say(asked: Asked): string;
}

export function words(pattern: RegExp): Topic["finds"] {
  return (text) => pattern.exec(text)?.[0] ?? null;
}

export function pick<T>(variant: number, choices: readonly [T, ...T[]]): T {
  return choices[variant % choices.length] ?? choices[0];
}

export function paragraphs(...parts: string[]): string {
  return parts.join("\n\n");
}

export function lines(...parts: string[]): string {
  return parts.join("\n");
}

export function fence(language: string, code: string): string {
  return lines(`\`\`\`${language}`, code.trim(), "```");
}

/** The beginning of what somebody wrote, in quotation marks, without its Markdown taking effect. */
export function quoted(text: string, most = 120): string {
  return `“${plain(text, most).replace(/[\\`*_[\]<>~|&#]/g, "\\$&")}”`;
}

export function plain(text: string, most: number): string {
  return firstWords(text, most);
}
