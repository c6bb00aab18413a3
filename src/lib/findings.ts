/** What an examination found: how bad it is, and what to do about it. */
export interface Finding {
  state: "ok" | "warn" | "bad";
  what: string;
  mend: string;
}

export function ok(what: string): Finding {
  return { state: "ok", what, mend: "" };
}

export function warn(what: string, mend: string): Finding {
  return { state: "warn", what, mend };
}

export function bad(what: string, mend: string): Finding {
  return { state: "bad", what, mend };
}
