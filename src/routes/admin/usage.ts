import { type Request, type Response, Router } from "express";
import { Invalid } from "../../errors.js";
import { modelName } from "../../generator/catalogue.js";
import { daysOf, filled, type Slot } from "../../helpers/periods.js";
import { gapsIn, measureOf, ranked, spending } from "../../helpers/spending.js";
import { EVERYBODYS_HEAD, rowOfPerson } from "../../helpers/usage-table.js";
import { csv } from "../../lib/csv.js";
import { t } from "../../lib/texts.js";
import { asDownload, sendParts } from "../../middleware/downloads.js";
import { askedPeriod } from "../../middleware/period.js";
import * as usage from "../../models/usage.js";

export const everybodysUsageRoutes = Router();

everybodysUsageRoutes.get("/", show);
everybodysUsageRoutes.get("/csv", download);

async function show(request: Request, response: Response) {
  const period = askedPeriod(request);
  const entries = await usage.ofAll(period.from, period.until);
  const whole = usage.total(entries);
  const measure = measureOf(whole);
  const names = new Map(entries.map(({ userId, username }) => [userId, username]));
  const people = ranked(
    usage.totalsBy(entries, ({ userId }) => userId),
    measure,
  );
  const models = ranked(
    usage.totalsBy(entries, ({ model }) => model),
    measure,
  );

  if (period.error) response.status(422);
  await response.page("admin/usage/show", {
    title: t("Usage of everybody"),
    period: period.shown,
    whole: spending(whole),
    isEmpty: entries.length === 0,
    gaps: gapsIn(whole),
    people: people.map((row) => ({ label: names.get(row.key) ?? "", ...row })),
    models: models.map((row) => ({ label: modelName(row.key || null), ...row })),
    message: period.error,
  });
}

/** A row for each person, day and model. */
async function download(request: Request, response: Response) {
  const period = askedPeriod(request);
  if (period.error) throw new Invalid(period.error);

  const name = `usage-of-everybody-${period.days.from}-${period.days.to}.csv`;
  asDownload(response, { name, type: "text/csv; charset=utf-8" });
  await sendParts(response, partsOf(period));
}

async function* partsOf({ days, zone, from, until }: ReturnType<typeof askedPeriod>) {
  const slots = daysOf(days, zone);
  yield csv([EVERYBODYS_HEAD]);
  for await (const { username, entries } of usage.byPerson(from, until)) {
    const used = filled(slots, entries, usage.momentOf);
    const lines = used.flatMap(linesOf);
    yield csv(lines.map((line) => rowOfPerson({ person: username, ...line })));
  }
}

function linesOf({ name: day, entries }: Slot & { entries: usage.Entry[] }) {
  const groups = usage.groupsOf(entries, ({ model, currency }) =>
    JSON.stringify([model, currency]),
  );
  return [...groups.values()].map((group) => ({
    ...{ day, model: group[0]?.model ?? "" },
    totals: usage.total(group),
  }));
}
