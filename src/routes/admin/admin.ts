import { type Request, type Response, Router } from "express";
import { currentBalance, type KnownBalance } from "../../generator/balance.js";
import { ownHost } from "../../generator/upstream/opening.js";
import { balanceLine } from "../../helpers/balance.js";
import { t } from "../../lib/texts.js";
import * as usage from "../../models/usage.js";
import * as users from "../../models/users.js";

export const adminRoutes = Router();

const WEEK_MS = 7 * 86_400_000;

adminRoutes.get("/", show);

async function show(_request: Request, response: Response) {
  const known = currentBalance();
  await response.page("admin/show", {
    title: t("Administration"),
    people: await users.list(),
    address: ownHost(),
    balance: known && (await shown(known)),
  });
}

async function shown({ balance, failed }: KnownBalance) {
  const spent = balance ? await usage.ofAllLately(WEEK_MS) : [];
  const { money } = usage.total(spent);
  return {
    failed,
    at: balance?.at ?? null,
    isEmpty: balance?.isAvailable === false,
    lines: (balance?.amounts ?? []).map((amount) => balanceLine(amount, money)),
  };
}
