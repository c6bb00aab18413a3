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

/** What an examination finds. That it failed is a finding too, which takes none of the others away. */
export async function examined(
  what: string,
  examine: () => Finding | Finding[] | Promise<Finding | Finding[]>,
): Promise<Finding[]> {
  try {
    return [await examine()].flat();
  } catch (error) {
    const why = (error as Error).message;
    return [bad(`${what} could not be examined (${why}).`, "Run the task as the server's user")];
  }
}
