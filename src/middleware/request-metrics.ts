import type { Request, RequestHandler, Response } from "express";
import { histogram } from "../lib/metrics.js";

const CLIENT_WENT_AWAY = 499;

const durations = histogram(
  "aifacade_http_request_duration_seconds",
  "Time from a request to the end of its response; that of an event stream is as long as its answer.",
  [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  ["method", "route", "status"],
);

/** Measures every request under the pattern of its route, never under its path: that holds ids. */
export const requestMetrics: RequestHandler = (request, response, next) => {
  const startedAt = performance.now();

  response.once("close", () => {
    const labels = {
      method: request.method,
      route: routeOf(request),
      status: response.headersSent ? response.statusCode : CLIENT_WENT_AWAY,
    };
    durations.observe(labels, (performance.now() - startedAt) / 1000);
  });
  next();
};

/** Notes under which pattern a router is mounted: Express keeps only the path that came. */
export function mountedAt(pattern: string): RequestHandler {
  return (request: Request, _response: Response, next) => {
    request.mount = pattern;
    next();
  };
}

function routeOf({ mount = "/", route }: Request): string {
  if (route) return joined(mount, String(route.path));
  return mount === "/" ? "(none)" : mount;
}

function joined(mount: string, path: string): string {
  return `${mount}/${path}`.replace(/\/{2,}/g, "/").replace(/(.)\/$/, "$1");
}
