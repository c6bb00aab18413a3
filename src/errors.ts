import { t } from "./lib/texts.js";

/** What can go wrong in a way that a person may be told: each has its HTTP status and a sentence to read. */
export class Problem extends Error {
  readonly status: number;
  readonly retryAfterSeconds: number | null;

  constructor(status: number, message: string, retryAfterSeconds: number | null = null) {
    super(message);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export class NotFound extends Problem {
  constructor(
    message = t(
      "There is nothing at this address. It may have been deleted, or the address is wrong.",
    ),
  ) {
    super(404, message);
  }
}

export class Forbidden extends Problem {
  constructor(message = t("That is not allowed.")) {
    super(403, message);
  }
}

export class Unauthenticated extends Problem {
  constructor(message = t("Please log in first.")) {
    super(401, message);
  }
}

export class Invalid extends Problem {
  constructor(message = t("That request could not be understood.")) {
    super(400, message);
  }
}

export class Conflict extends Problem {
  constructor(message: string) {
    super(409, message);
  }
}

export class Gone extends Problem {
  constructor(message: string) {
    super(410, message);
  }
}

export class TooMany extends Problem {
  /** Which limit was reached, as it is called in the log and the metrics. */
  readonly limit: string;

  constructor(message: string, retryAfterSeconds: number, limit: string) {
    super(429, message, retryAfterSeconds);
    this.limit = limit;
  }
}

export class Unavailable extends Problem {
  constructor(message: string, retryAfterSeconds: number) {
    super(503, message, retryAfterSeconds);
  }
}

/** Why the server or a task cannot start; the message is all that the administrator needs to read. */
export class CannotStart extends Error {
  /** EX_CONFIG of sysexits.h: starting again would not help, somebody has to mend something. */
  static readonly exitCode: number = 78;
}

/** Nothing is broken: at another time it would do. */
export class NotNow extends CannotStart {
  /** EX_TEMPFAIL of sysexits.h: somebody, or a service, may try again. */
  static override readonly exitCode: number = 75;
}
