// How a share stands: whether its link opens it, and under which conditions.

/** Why a link opens nothing any more. */
export type End = "revoked" | "expired" | "used";

/** What its owner and its readers see alike. */
export interface Stand {
  id: string;
  title: string;
  /** The owner's name, if that is to be seen. */
  author: string | null;
  showsReasoning: boolean;
  showsFiles: boolean;
  hasPassword: boolean;
  expiresAt: Date | null;
  views: number;
  viewLimit: number | null;
  takenAt: Date;
  ended: End | null;
}

export interface ShareRow {
  id: string;
  title: string;
  author: string | null;
  showsReasoning: number;
  showsFiles: number;
  passwordDigest: string | null;
  expiresAt: string | null;
  views: number;
  viewLimit: number | null;
  takenAt: string;
  ended: End | null;
}

/** Of `Share JOIN User`, at the time `@now`. Who is suspended shares nothing. */
export const COLUMNS = `
  Share.id, title, iif(showsName, username, NULL) AS author, showsReasoning, showsFiles, Share.passwordDigest, expiresAt,
  views, viewLimit, takenAt,
  CASE WHEN revokedAt IS NOT NULL OR suspendedAt IS NOT NULL THEN 'revoked'
    WHEN expiresAt <= @now THEN 'expired' WHEN views >= viewLimit THEN 'used' END AS ended`;

/** Of a Share: its link opens it at the time `@now`. */
export const LIVE = `
  revokedAt IS NULL AND (expiresAt IS NULL OR expiresAt > @now) AND (viewLimit IS NULL OR views < viewLimit)`;

/** The HTML of a footnote holds its message's place: anywhere else it is rendered anew. */
export const VERSION_ELSEWHERE = `
  iif(instr(html, ' id="m') OR instr(coalesce(reasoningHtml, ''), ' id="m'), NULL, rendererVersion)`;

export function standOf(row: ShareRow): Stand {
  return {
    id: row.id,
    title: row.title,
    author: row.author,
    showsReasoning: row.showsReasoning === 1,
    showsFiles: row.showsFiles === 1,
    hasPassword: row.passwordDigest !== null,
    expiresAt: row.expiresAt === null ? null : new Date(row.expiresAt),
    views: row.views,
    viewLimit: row.viewLimit,
    takenAt: new Date(row.takenAt),
    ended: row.ended,
  };
}
