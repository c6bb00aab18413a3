import { type Request, type Response, Router } from "express";
import { modelName } from "../../generator/catalogue.js";
import { gapsIn, measureOf, ranked, spending } from "../../helpers/spending.js";
import { t } from "../../lib/texts.js";
import { askedPeriod } from "../../middleware/period.js";
import * as usage from "../../models/usage.js";

export const everybodysUsageRoutes = Router();

everybodysUsageRoutes.get("/", show);

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
