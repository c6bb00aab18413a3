import type { Request } from "express";

/** The folders that somebody has unfolded in the sidebar, as their browser has told in a cookie of its own. */
export function openFolders(request: Request): Set<number> {
  const told: unknown = request.cookies?.["aifacade-folders"];
  return new Set(typeof told === "string" ? told.split(".").map(Number) : []);
}
