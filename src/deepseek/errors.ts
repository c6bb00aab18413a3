export type FailureKind =
  | "down"
  | "unreachable"
  | "insecure"
  | "unauthorized"
  | "no_credit"
  | "refused"
  | "too_long"
  | "unknown_model"
  | "busy"
  | "overloaded"
  | "upstream_error"
  | "no_answer"
  | "stalled"
  | "took_too_long"
  | "cut_off"
  | "too_large"
  | "protocol"
  | "empty_answer";

export type Phase = "connect" | "headers" | "body";

interface Circumstances {
  phase: Phase;
  /** The network's own name for it, such as ENOTFOUND. */
  code?: string | null;
  status?: number | null;
  requestId?: string | null;
  retryAfterMs?: number | null;
}

/** Every failure that is not the caller's own abort. The message is harmless; `detail` is for the administrator's log. */
export class UpstreamError extends Error {
  readonly kind: FailureKind;
  readonly phase: Phase;
  readonly code: string | null;
  readonly status: number | null;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly detail: string;

  constructor(kind: FailureKind, detail: string, circumstances: Circumstances) {
    super(`The model service failed: ${kind}`);
    this.name = "UpstreamError";
    this.kind = kind;
    this.detail = detail;
    this.phase = circumstances.phase;
    this.code = circumstances.code ?? null;
    this.status = circumstances.status ?? null;
    this.requestId = circumstances.requestId ?? null;
    this.retryAfterMs = circumstances.retryAfterMs ?? null;
  }
}

const MOST_DETAIL = 500;

/** The same failure with a log line for its detail, in which nothing of the key is left. */
export function scrubbed(failure: UpstreamError, apiKey: string | undefined): UpstreamError {
  return new UpstreamError(failure.kind, withoutKey(failure.detail, apiKey), {
    ...failure,
    requestId: failure.requestId && withoutKey(failure.requestId, apiKey),
  });
}

function withoutKey(text: string, apiKey = ""): string {
  // Before anything is cut off: half a key would no longer be recognized.
  let clean = text.replace(/\bBearer\s+\S+/gi, "[key]");
  if (apiKey !== "") clean = clean.replaceAll(apiKey, "[key]");
  // DeepSeek's 401 says "Your api key: ****1a2b is invalid".
  clean = clean.replace(/(?<!\*)\*{2,}[\w-]+/g, "[key]").replace(/\bsk-[\w-]{6,}/g, "[key]");
  if (apiKey.length >= 8) clean = clean.replaceAll(apiKey.slice(-4), "[key]");

  return clean
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .slice(0, MOST_DETAIL);
}
