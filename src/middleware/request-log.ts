import type { IncomingMessage, ServerResponse } from "node:http";
import { pinoHttp } from "pino-http";
import { log } from "../lib/log.js";
import { randomToken } from "../lib/tokens.js";

/** One line per request that failed, and per request at level debug; the id is also on error pages. */
export const requestLog = pinoHttp({
  logger: log,
  genReqId: () => randomToken(9),
  customLogLevel: (_request, response, error) =>
    error || response.statusCode >= 500 ? "error" : "debug",
  // A path may hold the token of a password reset; what follows `?` may hold anything.
  serializers: {
    req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
      id,
      method,
      path: withoutToken(url),
    }),
    res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
  },
  customSuccessMessage: (request: IncomingMessage, response: ServerResponse) =>
    `${request.method} ${withoutToken(request.url ?? "")} ${response.statusCode}`,
});

function withoutToken(url: string): string {
  return (url.split("?")[0] ?? "").replace(/^(\/password-resets\/).+/i, "$1…");
}
