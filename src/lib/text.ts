import { isIP } from "node:net";

/** How many code points a string has: what a person would count, more or less. */
export function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The first words of a text on one line, at most `most` characters, with an ellipsis where it was cut. */
export function firstWords(text: string, most: number): string {
  const line = text
    .trimStart()
    .slice(0, most * 8)
    .replace(/\s+/gu, " ")
    .trim();
  if (characters(line) <= most) return line;

  const cut = [...line].slice(0, most - 1).join("");
  const space = cut.lastIndexOf(" ");
  return `${(space > most / 2 ? cut.slice(0, space) : cut).trimEnd()}…`;
}

/** Line breaks as LF, whatever the form or the file had. */
export function withLineFeeds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** "1 answer", "2 answers". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The address of a server as a browser takes it; an IPv6 address stands in brackets. */
export function httpAddress(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Whether a host is this machine alone; an IPv6 address may stand in brackets, and hold one of IPv4. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[(.*)\]$/, "$1").replace(/^::ffff:/i, "");
  return plain === "localhost" || plain === "::1" || (isIP(plain) === 4 && /^127\./.test(plain));
}
