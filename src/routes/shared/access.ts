import { Gone } from "../../errors.js";
import { t } from "../../lib/texts.js";
import type { Opened } from "../../models/shares/reading.js";
import type { End } from "../../models/shares/stand.js";

const WHY: Record<End, string> = {
  revoked: t("What it led to is not shared any more."),
  expired: t("What it led to was shared for a limited time, which is over."),
  used: t("What it led to could be opened a limited number of times, and has been."),
};

export function endedBy(end: End): Gone {
  return new Gone(WHY[end]);
}

/** Whether more than the link is needed, or each opening counts. */
export function isLocked({ hasPassword, viewLimit }: Opened): boolean {
  return hasPassword || viewLimit !== null;
}
