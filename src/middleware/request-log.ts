import type { ServerResponse } from "node:http";
import type { Request } from "express";
import { pinoHttp } from "pino-http";
import { log } from "../lib/log.js";
import { randomToken } from "../lib/tokens.js";

/** One line per request that failed, and per request at level debug; the id is also on error pages. */
export const requestLog = pinoHttp({
  logger: log,
  genReqId: () => randomToken(9),
  // `request.log` says the id with every line, and the rest of the request only in its last.
  quietReqLogger: true,
  customAttributeKeys: { reqId: "id" },
  customLogLevel: (_request, response, error) =>
    error || response.statusCode >= 500 ? "error" : "debug",
  // A path may hold the token of a password reset or of a share; what follows `?` may hold anything.
  serializers: {
    req: ({ method, url }: { method: string; url: string }) => ({
      method,
      path: withoutToken(url),
    }),
    res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
  },
  // Inside a router `url` has lost the front of the path, and with it what tells a token.
  customSuccessMessage: (request: Request, response: ServerResponse) =>
    `${request.method} ${withoutToken(request.originalUrl)} ${response.statusCode}`,
});

function withoutToken(url: string): string {
  return (url.split("?")[0] ?? "").replace(/^(\/(?:password-resets|s)\/).+/i, "$1…");
}
