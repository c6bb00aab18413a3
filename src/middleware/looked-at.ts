import type { Request } from "express";

/** Whether somebody sees this page: not what a browser fetches ahead of its reader, nor what nobody reads. */
export function isLookedAt(request: Request): boolean {
  return request.method === "GET" && !/prefetch/.test(request.get("Sec-Purpose") ?? "");
}
