import { t } from "../lib/texts.js";
import { money } from "./money.js";
import { decimal, tokensText } from "./numbers.js";
import { dayText } from "./time.js";

/** What an answer has taken and cost, as its row tells. */
export interface Priced {
  model: string | null;
  firstTokenMs: number | null;
  tookMs: number | null;
  promptTokens: number | null;
  cachedTokens: number | null;
  completionTokens: number | null;
  reasoningTokens: number | null;
  cost: { currency: string; amount: bigint; validFrom: Date; isPeak: boolean | null } | null;
  /** Why the provider's cache had little of it. */
  miss: string | null;
  isCopy: number;
  /** What the model's server was told of how to answer; null where that was left to it. */
  askedThinking: string | null;
  askedTemperature: number | null;
  askedTopP: number | null;
  askedMaxTokens: number | null;
  presetName: string | null;
}

export interface Receipt {
  /** Whom and how it was asked, where somebody chose. */
  asked: Line[];
  /** What was counted, and what is said of it, in the order of a bill. */
  tokens: Line[];
  times: Line[];
  tookMs: number;
  promptTokens: number;
  cachedTokens: number | null;
  completionTokens: number | null;
  /** "$0.00031"; null where no price is known. */
  cost: string | null;
  /** Why little came from the cache. */
  miss: string | null;
  notes: string[];
}

type Line = { label: string } & ({ tokens: number } | { ms: number } | { text: string });

const THINKING: Record<string, string> = {
  off: t("Off"),
  low: t("A little"),
  high: t("Thoroughly"),
  max: t("As long as it takes"),
};

const MISSES: Record<string, string> = {
  model: t("Little came from the cache: another model had answered before, and each has its own."),
  instructions: t(
    "Little came from the cache: the system prompt was edited, and with it how all begins.",
  ),
  left_out: t("Little came from the cache: older messages were left out to fit."),
  aged: t("Little came from the cache: what had been read before was too long ago."),
  unknown: t(
    "Little came from the cache, though it could have: providers keep it as well as they can.",
  ),
};
const COPIED = t("This is a copy. It was paid for in the conversation that it was forked from.");

// Field by field: the rest of a row this wide (`...row`) is dearer than all else of a view.
export function receiptOf(row: Priced, provider: string | null = null): Receipt | null {
  const { promptTokens, cachedTokens, completionTokens, tookMs } = row;
  if (promptTokens === null || tookMs === null) return null;

  return {
    asked: askedLines(row, provider),
    tokens: tokenLines(row, promptTokens),
    times: timeLines(row, tookMs),
    ...{ tookMs, promptTokens, cachedTokens, completionTokens },
    cost: row.cost && money(row.cost),
    miss: missNote(row),
    notes: notesOn(row),
  };
}

function askedLines(row: Priced, provider: string | null): Line[] {
  const lines: [string, string | number | null][] = [
    [t("Provider"), provider],
    [t("Preset"), row.presetName],
    [t("Thinking"), THINKING[row.askedThinking ?? ""] ?? null],
    [t("Temperature"), row.askedTemperature],
    [t("Top p"), row.askedTopP],
    [t("Longest answer"), row.askedMaxTokens && tokensText(row.askedMaxTokens)],
  ];
  return lines.flatMap(([label, value]) => (value === null ? [] : { label, text: String(value) }));
}

function tokenLines(row: Priced, promptTokens: number): Line[] {
  const { cachedTokens, completionTokens, reasoningTokens } = row;
  const written = (completionTokens ?? 0) - (reasoningTokens ?? 0);
  const read: Line[] =
    cachedTokens === null
      ? [{ label: t("Tokens read"), tokens: promptTokens }]
      : [
          { label: t("Tokens read from the cache"), tokens: cachedTokens },
          { label: t("Tokens read anew"), tokens: Math.max(0, promptTokens - cachedTokens) },
        ];
  const thought = reasoningTokens ? [{ label: t("Tokens thought"), tokens: reasoningTokens }] : [];
  const answered =
    completionTokens === null ? [] : [{ label: t("Tokens written"), tokens: Math.max(0, written) }];
  return [...read, ...thought, ...answered];
}

function timeLines({ firstTokenMs, completionTokens }: Priced, tookMs: number): Line[] {
  const speed = firstTokenMs === null ? null : speedOf(completionTokens, tookMs - firstTokenMs);
  return [
    ...(firstTokenMs === null ? [] : [{ label: t("Until the first word"), ms: firstTokenMs }]),
    { label: t("In all"), ms: tookMs },
    ...(speed === null
      ? []
      : [{ label: t("Speed"), text: t("{speed} tokens a second", { speed }) }]),
  ];
}

// Of an answer that came at once there is no speed to tell.
function speedOf(tokens: number | null, ms: number): string | null {
  if (!tokens || ms < 100) return null;
  const speed = (1000 * tokens) / ms;
  return speed < 10 ? decimal(speed.toFixed(1)) : String(Math.round(speed));
}

function notesOn(row: Priced): string[] {
  const notes = [priceNote(row.cost), missNote(row), row.isCopy ? COPIED : null];
  return notes.filter((note) => note !== null);
}

function missNote({ miss }: Priced): string | null {
  return MISSES[miss ?? ""] ?? null;
}

function priceNote(cost: Priced["cost"]): string | null {
  if (!cost) return null;
  const day = dayText(cost.validFrom);
  if (cost.isPeak === null)
    return t("The cost is an estimate, by the prices from {day} on.", { day });
  return cost.isPeak
    ? t("The cost is an estimate, by the prices from {day} on, at peak time.", { day })
    : t("The cost is an estimate, by the prices from {day} on, off peak.", { day });
}
