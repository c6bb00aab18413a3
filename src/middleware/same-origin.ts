import type { Request, RequestHandler } from "express";
import { config } from "../config.js";
import { Forbidden } from "../errors.js";
import { t } from "../lib/texts.js";

const SAFE_METHODS = ["GET", "HEAD", "OPTIONS"];

/**
 * Keeps other sites from acting in a person's name, as OWASP's cheat sheet on request forgery describes
 * it: Sec-Fetch-Site where the browser sends it, else Origin (plain http in a local network has no
 * Sec-Fetch-Site). A request with neither comes from no browser, and carries no cookie by itself.
 */
export const sameOrigin: RequestHandler = (request, response, next) => {
  response.vary("Sec-Fetch-Site").vary("Origin");
  const isAllowed = SAFE_METHODS.includes(request.method) ? mayRead(request) : mayWrite(request);

  if (isAllowed) {
    next();
  } else {
    next(
      new Forbidden(
        t("This came from another site, so it was refused. Open the page here and try again."),
      ),
    );
  }
};

// A link from elsewhere may open a page; nothing of ours is for another site to embed or fetch.
function mayRead(request: Request): boolean {
  const site = request.get("Sec-Fetch-Site");
  const isForeign = site === "cross-site" || site === "same-site";
  const isPage =
    request.get("Sec-Fetch-Mode") === "navigate" && request.get("Sec-Fetch-Dest") === "document";

  return !isForeign || isPage;
}

function mayWrite(request: Request): boolean {
  const site = request.get("Sec-Fetch-Site");
  const origin = request.get("Origin");

  if (site !== undefined) return site === "same-origin" || site === "none";
  return origin === undefined || isOurs(origin, request.get("Host"));
}

function isOurs(origin: string, host: string | undefined): boolean {
  if (config.publicUrl) return origin === config.publicUrl;
  return URL.canParse(origin) && new URL(origin).host === host;
}
