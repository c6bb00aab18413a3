import { type NextFunction, type Request, type Response, Router } from "express";
import { config } from "../../config.js";
import { exposition } from "../../lib/metrics.js";
import { isLoopback } from "../../lib/text.js";
import { isSame } from "../../lib/tokens.js";

export const metricsRoutes = Router();

const ADDED_BY_PROXIES = [
  "Forwarded",
  "Via",
  "X-Forwarded-For",
  "X-Forwarded-Host",
  "X-Forwarded-Proto",
  "X-Real-IP",
];

metricsRoutes.get("/metrics", show);

// For everybody else there is nothing here, as at any address that does not exist.
async function show(request: Request, response: Response, next: NextFunction) {
  if (!isAllowed(request)) return next();

  const { contentType, text } = await exposition();
  response.set({ "Content-Type": contentType, "Cache-Control": "no-store" }).send(text);
}

function isAllowed(request: Request): boolean {
  const { metricsToken, publicUrl, trustProxy } = config;
  // Where a proxy stands in front, what it passes on may look as if it came from here.
  if (metricsToken === null) return !publicUrl && !trustProxy && isFromThisMachine(request);
  return isSame(request.get("Authorization") ?? "", `Bearer ${metricsToken}`);
}

// A proxy comes from the loopback too, and so does a page of another site whose name was pointed here.
function isFromThisMachine(request: Request): boolean {
  const isProxied = ADDED_BY_PROXIES.some((name) => request.get(name) !== undefined);
  return (
    !isProxied &&
    isLoopback(request.socket.remoteAddress ?? "") &&
    isLoopback(hostOf(request.get("Host")))
  );
}

function hostOf(host = ""): string {
  return host.replace(/:\d+$/, "");
}
