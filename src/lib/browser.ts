// The order matters: each of these also calls itself by the names that come after it.
const FAMILIES = [
  "Edg",
  "OPR",
  "Vivaldi",
  "SamsungBrowser",
  "Firefox",
  "FxiOS",
  "CriOS",
  "Chrome",
  "Safari",
];

/** The family of a browser by its User-Agent, without version: an update is still the same browser. */
export function browserFamily(userAgent: string | undefined): string {
  return FAMILIES.find((family) => userAgent?.includes(`${family}/`)) ?? "another browser";
}
