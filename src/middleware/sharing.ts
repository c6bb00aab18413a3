// What goes with a link to shared messages: the link itself, once, and the proof of having opened it.

import type { Request, RequestHandler, Response } from "express";
import { config } from "../config.js";
import { NotFound } from "../errors.js";
import { t } from "../lib/texts.js";
import { isSame, signature } from "../lib/tokens.js";
import type { Stand } from "../models/shares/stand.js";
import { sessionSecret } from "../stores/secrets.js";
import { clear, readSigned, setSigned } from "./cookies.js";

const LINK_MS = 10 * 60_000;
const TICKET_MS = 12 * 60 * 60_000;
const OFF = t("On this server no conversations are shared.");

/** For whatever has to do with sharing, where an administrator has switched it off. */
export const requireSharing: RequestHandler = (_request, _response, next) => {
  next(config.sharing ? undefined : new NotFound(OFF));
};

/** Carries the token to the next page, in its owner's browser alone: of it the database has a digest. */
export function handOver(response: Response, { id, token }: { id: string; token: string }) {
  setSigned(response, "link", `${id}:${token}`, LINK_MS);
}

/** The link that was just made to this share, the first time that it is asked for; else null. */
export function takeLink(request: Request, response: Response, id: string): string | null {
  const [owner, token] = readSigned(request, "link")?.split(":") ?? [];
  if (owner !== id) return null;

  clear(response, "link");
  const origin = config.publicUrl ?? `${request.protocol}://${request.get("Host")}`;
  return `${origin}/s/${token}`;
}

/** What is shown: a share as its owner made it last. */
type Shown = Pick<Stand, "id" | "takenAt">;

/** Says for half a day that whoever brings it has been shown this share as it is. */
export function ticketFor(share: Shown, until = Date.now() + TICKET_MS): string {
  const what = [share.id, share.takenAt.toISOString(), String(until)];
  return `${until}.${signature(sessionSecret(), "shared", ...what)}`;
}

export function isTicketFor(share: Shown, ticket: unknown): boolean {
  if (typeof ticket !== "string") return false;
  const until = Number(ticket.split(".")[0]);
  return until > Date.now() && isSame(ticket, ticketFor(share, until));
}
