import { asObject, type JsonObject } from "./json.js";
import type { Balance } from "./types.js";

const AMOUNT = /^-?\d{1,12}(\.\d{1,12})?$/;

/** What GET /user/balance says, or null when that is no balance. Amounts stay text: they are decimals. */
export function readBalance(parsed: unknown): Balance | null {
  const { is_available: isAvailable, balance_infos: infos } = asObject(parsed);
  if (!Array.isArray(infos)) return null;

  return {
    isAvailable: isAvailable !== false,
    amounts: infos.map(asObject).flatMap(readAmount),
  };
}

function readAmount({ currency, total_balance: total }: JsonObject): Balance["amounts"] {
  if (typeof currency !== "string" || !/^[A-Z]{3}$/.test(currency)) return [];
  if (typeof total !== "string" || !AMOUNT.test(total)) return [];
  return [{ currency, total }];
}
