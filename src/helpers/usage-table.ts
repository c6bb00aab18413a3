import { exactAmount } from "./money.js";
import type { Totals } from "./spending.js";

const HEAD = [
  ...["Day", "Conversation", "Model", "For", "Requests", "Requests without counts"],
  ...["Tokens read", "Tokens read from the cache", "Tokens written", "Tokens thought"],
  ...["Currency", "Estimated cost"],
];

interface Line {
  day: string;
  conversation: string;
  model: string;
  purpose: string;
  /** In one currency, if in any. */
  totals: Totals;
}

/** A person's usage as rows of a table, for a machine or a spreadsheet: what is not known is empty. */
export function usageTable(lines: readonly Line[]): (string | number)[][] {
  return [HEAD, ...lines.map(rowOf)];
}

function rowOf({ day, conversation, model, purpose, totals }: Line): (string | number)[] {
  const [cost] = totals.money;
  return [
    ...[day, conversation, model, purpose, totals.requests, totals.untold],
    ...[totals.promptTokens, totals.cachedTokens ?? ""],
    ...[totals.completionTokens, totals.reasoningTokens ?? ""],
    ...[cost?.currency ?? "", cost ? exactAmount(cost.amount) : ""],
  ];
}
