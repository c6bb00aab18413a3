import { language, plural, t } from "../lib/texts.js";

const COUNT = new Intl.NumberFormat(language);
const POINT = COUNT.formatToParts(0.5).find(({ type }) => type === "decimal")?.value ?? ".";

/** "12,345"; a dash where nobody counted. */
export function count(value: number | null): string {
  if (value === null) return "–";
  // A page asks for two hundred of them, most of them small.
  return value < 1000 ? String(value) : COUNT.format(value);
}

/** "1,200 tokens". */
export function tokensText(tokens: number): string {
  return plural(tokens, "{count} tokens", "{count} tokens", { count: count(tokens) });
}

/** "0.5", as the language writes it. */
export function decimal(digits: string): string {
  return digits.replace(".", POINT);
}

/** "0.8 s", "12 s", "2 min 5 s": a measured length of time. */
export function duration(ms: number | null): string {
  if (ms === null) return "–";
  if (ms < 9_950) return t("{seconds} s", { seconds: decimal((ms / 1000).toFixed(1)) });

  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return t("{seconds} s", { seconds });
  return t("{minutes} min {seconds} s", {
    ...{ minutes: Math.floor(seconds / 60), seconds: seconds % 60 },
  });
}

/** "Thought for 12 s", above an answer's reasoning. */
export function thoughtFor(ms: number | null): string {
  if (ms === null) return t("Thoughts");
  return ms < 1000 ? t("Thought for a moment") : t("Thought for {time}", { time: duration(ms) });
}

/** "94 %" of something; a dash where there is nothing, or nobody counted. */
export function portion(part: number | null, whole: number): string {
  if (part === null || whole === 0) return "–";
  return t("{portion} %", { portion: Math.floor((100 * part) / whole) });
}
