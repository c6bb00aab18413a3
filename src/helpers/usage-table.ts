import { exactAmount } from "./money.js";
import type { Totals } from "./spending.js";

const COUNTED = [
  ...["Requests", "Requests without counts"],
  ...["Tokens read", "Tokens read from the cache", "Tokens written", "Tokens thought"],
  ...["Currency", "Estimated cost"],
];
const HEAD = ["Day", "Conversation", "Model", "For", ...COUNTED];
export const EVERYBODYS_HEAD = ["Day", "Person", "Model", ...COUNTED];

interface Part {
  day: string;
  model: string;
  /** In one currency, if in any. */
  totals: Totals;
}

/** A person's usage as rows of a table, for a machine or a spreadsheet: what is not known is empty. */
export function usageTable(lines: readonly (Part & { conversation: string; purpose: string })[]) {
  const rows = lines.map(({ day, conversation, model, purpose, totals }) => [
    ...[day, conversation, model, purpose],
    ...counted(totals),
  ]);
  return [HEAD, ...rows];
}

/** The same of a part of what somebody has used, for administrators. */
export function rowOfPerson({ day, person, model, totals }: Part & { person: string }) {
  return [day, person, model, ...counted(totals)];
}

function counted(totals: Totals): (string | number)[] {
  const [cost] = totals.money;
  return [
    ...[totals.requests, totals.untold, totals.promptTokens, totals.cachedTokens ?? ""],
    ...[totals.completionTokens, totals.reasoningTokens ?? ""],
    ...[cost?.currency ?? "", cost ? exactAmount(cost.amount) : ""],
  ];
}
