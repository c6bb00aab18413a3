import type { CookieOptions, Request, Response } from "express";
import { config } from "../config.js";

// The prefix makes a browser refuse the cookie unless it came over https, for this host and all its paths.
const PREFIX = config.https ? "__Host-" : "";

export const ATTRIBUTES = {
  httpOnly: true,
  sameSite: "lax",
  path: "/",
  secure: config.https,
} satisfies CookieOptions;

export const SESSION_COOKIE = `${PREFIX}aifacade`;

export function setSigned(response: Response, name: string, value: string, maxAgeMs: number) {
  response.cookie(`${PREFIX}aifacade-${name}`, value, {
    ...ATTRIBUTES,
    maxAge: maxAgeMs,
    signed: true,
  });
}

export function readSigned(request: Request, name: string): string | null {
  const value: unknown = request.signedCookies?.[`${PREFIX}aifacade-${name}`];
  return typeof value === "string" ? value : null;
}

export function clear(response: Response, name: string) {
  response.clearCookie(`${PREFIX}aifacade-${name}`, ATTRIBUTES);
}

export function clearSession(response: Response) {
  response.clearCookie(SESSION_COOKIE, ATTRIBUTES);
}
