import { type Request, type Response, Router } from "express";
import { currentBalances, type ProvidersBalance } from "../../generator/balance.js";
import { ownHost } from "../../generator/upstream/opening.js";
import { balanceLine } from "../../helpers/balance.js";
import { t } from "../../lib/texts.js";
import * as usage from "../../models/usage.js";
import * as users from "../../models/users.js";

export const adminRoutes = Router();

const WEEK_MS = 7 * 86_400_000;

adminRoutes.get("/", show);

async function show(_request: Request, response: Response) {
  const known = currentBalances();
  const spent = known.some(({ balance }) => balance) ? await usage.ofAllLately(WEEK_MS) : [];
  await response.page("admin/show", {
    title: t("Administration"),
    people: await users.list(),
    address: ownHost(),
    balances: known.map((balance) => shown(balance, spent)),
  });
}

// It lasts by what its own provider has cost.
function shown({ provider, balance, failed }: ProvidersBalance, spent: usage.PersonalEntry[]) {
  const id = provider?.id ?? "";
  const { money } = usage.total(spent.filter(({ providerId }) => providerId === id));
  return {
    provider,
    failed,
    at: balance?.at ?? null,
    isEmpty: balance?.isAvailable === false,
    lines: (balance?.amounts ?? []).map((amount) => balanceLine(amount, money)),
  };
}
