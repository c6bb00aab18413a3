// What stands in somebody else's file may be anything: each of these gives what was hoped for, or nothing.

type Fields = Record<string, unknown>;

export function object(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : null;
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function objects(value: unknown): Fields[] {
  return list(value)
    .map(object)
    .filter((item) => item !== null);
}

export function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** An id, as text; null for none. */
export function key(value: unknown): string | null {
  return (typeof value === "string" && value !== "") || typeof value === "number"
    ? String(value)
    : null;
}

/** A point in time, of seconds, milliseconds or a text; null where it is none. */
export function time(value: unknown): number | null {
  const ms = typeof value === "number" ? inMilliseconds(value) : Date.parse(text(value));
  return Number.isFinite(ms) ? ms : null;
}

// No conversation with a model is older than 1973, which is what this many milliseconds are.
function inMilliseconds(value: number): number {
  return value < 1e11 ? value * 1000 : value;
}

/** Messages in the order of their times, those without one where they were. */
export function byTime<T extends { createdAt: number | null }>(messages: T[]): T[] {
  let latest = 0;
  const timed = messages.map((message) => {
    latest = message.createdAt ?? latest;
    return { message, at: latest };
  });
  return timed.sort((left, right) => left.at - right.at).map(({ message }) => message);
}

/** Texts under each other, without those that are empty. */
export function paragraphs(...texts: string[]): string {
  return texts.filter((one) => one.trim() !== "").join("\n\n");
}

/** A file's text as a block of code under its name. */
export function quotedFile(name: string, content: string): string {
  const runs = content.match(/`{3,}/g) ?? [];
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 2);
  const fence = "`".repeat(longest + 1);
  return `**${name.replace(/[*\n]/g, " ") || "File"}**\n\n${fence}\n${content.trimEnd()}\n${fence}`;
}
