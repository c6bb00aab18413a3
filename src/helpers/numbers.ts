import { language } from "../lib/texts.js";

const COUNT = new Intl.NumberFormat(language);

/** "12,345"; a dash where nobody counted. */
export function count(value: number | null): string {
  if (value === null) return "–";
  // A page asks for two hundred of them, most of them small.
  return value < 1000 ? String(value) : COUNT.format(value);
}

/** "0.8 s", "12 s", "2 min 5 s": a measured length of time. */
export function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;

  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** "Thought for 12 s", above an answer's reasoning. */
export function thoughtFor(ms: number | null): string {
  if (ms === null) return "Thoughts";
  return ms < 1000 ? "Thought for a moment" : `Thought for ${duration(ms)}`;
}

/** "94 %" of something; a dash where there is nothing, or nobody counted. */
export function portion(part: number | null, whole: number): string {
  return part === null || whole === 0 ? "–" : `${Math.floor((100 * part) / whole)} %`;
}
