import { pino } from "pino";

/**
 * One JSON line per event on standard output. Never given chat text, passwords, cookies or keys.
 * Silent until whoever starts the process sets `log.level`.
 */
export const log = pino({
  level: "silent",
  base: null,
  timestamp: pino.stdTimeFunctions.isoTime,
  formatters: { level: (label) => ({ level: label }) },
});

// Whoever reads our output may go away (`npm start | head`): that ends nobody's answer.
process.stdout.on("error", () => {});

/** A plain line for the person at the terminal: what was made at the first start, where the page is. */
export function announce(line: string): void {
  process.stdout.write(`${line}\n`);
}
