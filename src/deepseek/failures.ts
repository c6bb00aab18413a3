import { type FailureKind, UpstreamError } from "./errors.js";
import { asObject, isObject, parseJson } from "./json.js";
import { retryAfter } from "./retry.js";

const INSECURE = /^(ERR_SSL|ERR_TLS|CERT_|UNABLE_TO_|EPROTO$)|SELF_SIGNED|HOSTNAME_MISMATCH/;
const UNCONNECTED = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "EADDRNOTAVAIL",
  "ETIMEDOUT",
  "EACCES",
  "EPERM",
  "UND_ERR_CONNECT_TIMEOUT",
]);
/** Two lengths that disagree, or too many headers: whoever speaks there, it is not HTTP as we know it. */
const UNREADABLE_HEADERS = new Set([
  "UND_ERR_HEADERS_OVERFLOW",
  "UND_ERR_RES_CONTENT_LENGTH_MISMATCH",
]);

/** What undici or the network threw, by the error's code: names mislead (a proxy's 407 is called AbortError). */
export function transportFailure(error: unknown, phase: "headers" | "body"): UpstreamError {
  const { code: given, name } = asObject(error);
  const code = typeof given === "string" ? given : "";
  const detail = `${code} ${error instanceof Error ? error.message : String(error)}`;

  if (INSECURE.test(code)) return new UpstreamError("insecure", detail, { phase: "connect", code });
  if (UNCONNECTED.has(code)) return unconnected(detail, phase, code);
  if (name === "HTTPParserError" || (phase === "headers" && UNREADABLE_HEADERS.has(code))) {
    return new UpstreamError("protocol", detail, { phase });
  }
  // The only argument of ours that undici can refuse is a key with characters no header may hold.
  if (code === "UND_ERR_INVALID_ARG") return new UpstreamError("unauthorized", detail, { phase });

  return new UpstreamError(phase === "body" ? "cut_off" : "unreachable", detail, { phase });
}

function unconnected(detail: string, phase: "headers" | "body", code: string): UpstreamError {
  if (phase === "body") return new UpstreamError("cut_off", detail, { phase });
  return new UpstreamError("unreachable", detail, { phase: "connect", code });
}

interface Refusal {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** A response that is not 2xx. The status counts first: DeepSeek's `code` is nearly always "invalid_request_error". */
export function responseFailure({ status, headers, body }: Refusal): UpstreamError {
  const complaint = saidIn(body);
  const kind = kindOf(status, complaint);
  const whereTo = status < 400 ? ` to ${plainAddress(headers.location)}` : "";

  return new UpstreamError(kind, `HTTP ${status}${whereTo}: ${complaint}`, {
    phase: "headers",
    status,
    requestId: requestIdOf(headers, complaint),
    retryAfterMs: retryAfter(headers["retry-after"], Date.now()),
  });
}

/** An error that came inside the answer. vLLM and llama.cpp give the status as the code, others a word or nothing. */
export function inBandFailure(error: unknown): UpstreamError {
  const complaint = sayingOf(error);
  const status = Number(asObject(error).code);
  const isStatus = Number.isInteger(status) && status >= 400 && status < 600;

  return new UpstreamError(
    isStatus ? kindOf(status, complaint) : kindOfWords(complaint),
    complaint,
    {
      phase: "body",
      status: isStatus ? status : null,
      requestId: requestIdOf({}, complaint),
    },
  );
}

const BY_STATUS: Record<number, FailureKind> = {
  401: "unauthorized",
  402: "no_credit",
  403: "unauthorized",
  413: "too_long",
  503: "overloaded",
  529: "overloaded",
};

function kindOf(status: number, complaint: string): FailureKind {
  if (status < 400) return "protocol";
  if (status === 429) return OUT_OF_CREDIT.test(complaint) ? "no_credit" : "busy";
  return BY_STATUS[status] ?? kindOfOther(status, complaint);
}

function kindOfOther(status: number, complaint: string): FailureKind {
  // llama.cpp and LiteLLM have said this with 500, too.
  if (TOO_LONG.test(complaint)) return "too_long";
  if (status >= 500 || status === 408) return "upstream_error";
  if (UNKNOWN_MODEL.test(complaint)) return "unknown_model";
  // Nothing at this address speaks our language: most likely a wrong base URL.
  if (status === 404 || status === 405) return "protocol";
  return "refused";
}

const OUT_OF_CREDIT = /insufficient[ _](balance|quota|credit)/i;
const UNKNOWN_MODEL =
  /model.{0,120}(not exist|not found|unknown|not supported)|(unknown|invalid) model|model_not_found/i;
const TOO_LONG =
  /context.?(length|size|window)|maximum context|exceed_context|too many tokens|(prompt|input|request|messages?)\b.{0,40}too (long|large)/i;
const BUSY = /rate.?limit|too many requests/i;
const OVERLOADED = /overload|unavailable|loading model|capacity/i;
const UNAUTHORIZED = /authenti|invalid_api_key|unauthorized/i;

function kindOfWords(complaint: string): FailureKind {
  if (OUT_OF_CREDIT.test(complaint)) return "no_credit";
  if (UNAUTHORIZED.test(complaint)) return "unauthorized";
  if (BUSY.test(complaint)) return "busy";
  if (OVERLOADED.test(complaint)) return "overloaded";
  if (TOO_LONG.test(complaint)) return "too_long";
  if (UNKNOWN_MODEL.test(complaint)) return "unknown_model";
  return "upstream_error";
}

function saidIn(body: string): string {
  if (/^\s*</.test(body)) return "an HTML page";

  const parsed = parseJson(body);
  if (isObject(parsed)) return sayingOf(parsed.error ?? parsed);
  return body;
}

/** All the shapes met: {message, type, code}, a text, {detail: "…"} or {detail: […]} from FastAPI. */
function sayingOf(error: unknown): string {
  if (typeof error === "string") return error;

  const { message, detail, type, code } = asObject(error);
  const words = [message, detail].map(asWords).find((text) => text !== "") ?? asWords(error);
  const labels = [type, code].filter((label) => typeof label === "string" && label !== "");
  return labels.length > 0 ? `${words} (${labels.join(", ")})` : words;
}

function asWords(value: unknown): string {
  if (typeof value === "string") return value;
  return value == null ? "" : JSON.stringify(value);
}

function requestIdOf(headers: Refusal["headers"], complaint: string): string | null {
  const said = /request_id: ([\w-]+)/.exec(complaint)?.[1];
  const id = headers["x-request-id"] ?? headers["x-deepseek-request-id"] ?? said;
  return typeof id === "string" && /^[\w.:-]{1,128}$/.test(id) ? id : null;
}

function plainAddress(location: string | string[] | undefined): string {
  if (typeof location !== "string" || !URL.canParse(location, "http://same-host")) return "nowhere";

  const { host, pathname } = new URL(location, "http://same-host");
  return `${host}${pathname}`;
}
