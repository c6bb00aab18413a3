import { Gone } from "../../errors.js";
import { t } from "../../lib/texts.js";
import { isTicketFor } from "../../middleware/sharing.js";
import type { Opened } from "../../models/shares/reading.js";
import * as reading from "../../models/shares/reading.js";
import type { End } from "../../models/shares/stand.js";

const WHY: Record<End, string> = {
  revoked: t("What it led to is not shared any more."),
  expired: t("What it led to was shared for a limited time, which is over."),
  used: t("What it led to could be opened a limited number of times, and has been."),
};

export function endedBy(end: End): Gone {
  return new Gone(WHY[end]);
}

/** What a link leads to, for whoever has been shown it; also where that was the last time. Null: it has a door still. */
export async function openedWith(token: string, ticket: unknown): Promise<Opened | null> {
  const share = await reading.findByToken(token);
  const wasShown = isTicketFor(share, ticket);
  if (share.ended && !(share.ended === "used" && wasShown)) throw endedBy(share.ended);
  return wasShown || !isLocked(share) ? share : null;
}

/** Whether more than the link is needed, or each opening counts. */
export function isLocked({ hasPassword, viewLimit }: Opened): boolean {
  return hasPassword || viewLimit !== null;
}
