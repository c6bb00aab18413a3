import { t } from "../lib/texts.js";

interface Traits {
  contextTokens: number | null;
  vision: boolean | null;
  reasoning: boolean | null;
  provider: { name: string } | null;
}

/** "1M context · sees images · thinks": what a model's server says of it, and whose server that is. */
export function traitsOf({ contextTokens, vision, reasoning, provider }: Traits): string {
  const traits = [
    contextTokens !== null && t("{size} context", { size: contextWords(contextTokens) }),
    vision && t("sees images"),
    reasoning && t("thinks"),
    provider?.name,
  ];
  return traits.filter(Boolean).join(" · ");
}

/** "128K", "1M": as servers count, some by 1000 and some by 1024. */
export function contextWords(tokens: number): string {
  const kilo = tokens % 1000 === 0 ? 1000 : 1024;
  if (tokens < kilo) return String(tokens);
  if (tokens < kilo ** 2) return `${rounded(tokens / kilo)}K`;
  return `${rounded(tokens / kilo ** 2)}M`;
}

function rounded(value: number): number {
  return value < 10 ? Math.round(value * 10) / 10 : Math.round(value);
}
