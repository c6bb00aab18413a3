/** What the demo says of itself; the same limits as it keeps. */
export const MODEL = {
  id: "demo",
  name: "Demo",
  contextTokens: 65_536,
  mostOutputTokens: 8192,
} as const;
