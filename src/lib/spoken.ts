import { language, plural, t } from "./texts.js";

const NUMBER = new Intl.NumberFormat(language);

/** "1 second", "5 minutes": a length of time as one says it; rounded up. */
export function spokenDuration(seconds: number): string {
  if (seconds < 100) {
    return plural(Math.max(1, Math.ceil(seconds)), "{count} second", "{count} seconds");
  }
  if (seconds < 5400) return plural(Math.ceil(seconds / 60), "{count} minute", "{count} minutes");
  return plural(Math.ceil(seconds / 3600), "{count} hour", "{count} hours");
}

/** "3 KB", "12.5 MB": a size as one says it; rounded up. */
export function spokenBytes(bytes: number): string {
  if (bytes < 1e6) return t("{size} KB", { size: Math.ceil(bytes / 1e3) });
  if (bytes < 1e9) return t("{size} MB", { size: Math.ceil(bytes / 1e5) / 10 });
  return t("{size} GB", { size: Math.ceil(bytes / 1e8) / 10 });
}

/** "1,200". */
export function spokenNumber(value: number): string {
  return NUMBER.format(value);
}
