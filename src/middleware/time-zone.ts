import type { Request } from "express";
import { isZone } from "../helpers/day-groups.js";

/** The reader's time zone, as their browser has told it in a cookie of its own; without JavaScript it is UTC. */
export function timeZone(request: Request): string {
  const told: unknown = request.cookies?.["aifacade-zone"];
  return typeof told === "string" && isZone(told) ? told : "UTC";
}
