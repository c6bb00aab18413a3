import { type Request, type Response, Router } from "express";
import { Invalid } from "../../errors.js";
import { modelName } from "../../generator/catalogue.js";
import { daysOf, filled, type Slot, slotsOf } from "../../helpers/periods.js";
import { charted, gapsIn, measureOf, ranked, spending } from "../../helpers/spending.js";
import { usageTable } from "../../helpers/usage-table.js";
import { csv } from "../../lib/csv.js";
import { plural, t } from "../../lib/texts.js";
import { currentUser } from "../../middleware/authentication.js";
import { askedPeriod } from "../../middleware/period.js";
import * as usage from "../../models/usage.js";

export const usageRoutes = Router();

const MOST_CONVERSATIONS = 20;
const GONE = t("Deleted conversations");

type Titles = Map<string, string>;

usageRoutes.get("/", show);
usageRoutes.get("/csv", download);

async function show(request: Request, response: Response) {
  const { id } = currentUser(request);
  const period = askedPeriod(request);
  const entries = await usage.ofPerson(id, period.from, period.until);
  const titles = await usage.titlesOf(id, entries);
  const whole = usage.total(entries);
  const measure = measureOf(whole);
  const by = <Key>(keyOf: (entry: usage.Entry) => Key) =>
    ranked(usage.totalsBy(entries, keyOf), measure);
  const models = by(({ model }) => model);
  // All that are gone are one: nothing tells them apart.
  const talks = by(({ conversationId }) => (titles.has(conversationId) ? conversationId : null));
  const forTitles = usage.total(entries.filter(({ purpose }) => purpose === "title"));
  const slots = filled(slotsOf(period.days, period.zone), entries, usage.momentOf).map(
    ({ label, entries: those }) => ({ label, totals: usage.total(those) }),
  );

  if (period.error) response.status(422);
  await response.page("account/usage/show", {
    title: t("Usage"),
    period: period.shown,
    measure: measure.name,
    whole: spending(whole),
    isEmpty: entries.length === 0,
    gaps: gapsIn(whole),
    forTitles: titlesWords(forTitles),
    ...charted(slots, measure),
    models: models.map((row) => ({ label: modelName(row.key || null), ...row })),
    talks: talks
      .slice(0, MOST_CONVERSATIONS)
      .map((row) => ({ ...linkTo(row.key, titles), ...row })),
    others: Math.max(0, talks.length - MOST_CONVERSATIONS),
    message: period.error,
  });
}

function titlesWords(totals: usage.Totals): string | null {
  if (totals.requests === 0) return null;

  const { requests, tokens, cost } = spending(totals);
  return cost
    ? plural(
        totals.requests,
        "Of these, {count} request was for the titles of conversations: {tokens} tokens, {cost}.",
        "Of these, {count} requests were for the titles of conversations: {tokens} tokens, {cost}.",
        { count: requests, tokens, cost },
      )
    : plural(
        totals.requests,
        "Of these, {count} request was for the titles of conversations: {tokens} tokens.",
        "Of these, {count} requests were for the titles of conversations: {tokens} tokens.",
        { count: requests, tokens },
      );
}

function linkTo(id: string | null, titles: Titles) {
  const title = id === null ? undefined : titles.get(id);
  return { label: title ?? GONE, href: title === undefined ? null : `/conversations/${id}/usage` };
}

/** A row for each day, conversation, model and purpose. */
async function download(request: Request, response: Response) {
  const { id } = currentUser(request);
  const period = askedPeriod(request);
  if (period.error) throw new Invalid(period.error);

  const entries = await usage.ofPerson(id, period.from, period.until);
  const titles = await usage.titlesOf(id, entries);
  const days = filled(daysOf(period.days, period.zone), entries, usage.momentOf);

  response.attachment(`usage-${period.days.from}-${period.days.to}.csv`);
  response.send(csv(usageTable(days.flatMap((day) => linesOf(day, titles)))));
}

function linesOf({ name, entries }: Slot & { entries: usage.Entry[] }, titles: Titles) {
  const groups = usage.groupsOf(entries, ({ conversationId, model, purpose, currency }) =>
    JSON.stringify([conversationId, model, purpose, currency]),
  );
  return [...groups.values()].map((group) => {
    const [{ conversationId = "", model = "", purpose = "" } = {}] = group;
    const conversation = titles.get(conversationId) ?? GONE;
    return { day: name, conversation, model, purpose, totals: usage.total(group) };
  });
}
