import { z } from "zod";
import { type Form, read } from "./form.js";
import { PARAMETER_FIELDS } from "./parameters.js";

/** What travels through the login page: where to go on, and what was typed when a session had ended. */
export const CARRIED = "username next prompt conversation author"
  .split(" ")
  .concat(PARAMETER_FIELDS);

// One slash, then printable ASCII without the backslash, which browsers take for a slash.
const LOCAL_PATH = /^\/(?!\/)[\x21-\x5b\x5d-\x7e]*$/;

const luggage = z.object({
  next: z.string().catch(""),
  prompt: z.string().catch(""),
  conversation: z.string().catch(""),
  author: z.string().catch(""),
});

/** What came along with a login, whether or not it was one. */
export type Luggage = z.infer<typeof luggage>;

export type SignIn = Luggage & { username: string; password: string };

export function signInForm(input: unknown): Form<SignIn> {
  const schema = luggage.extend({ username: z.string().min(1), password: z.string().min(1) });
  return read(schema, input, CARRIED);
}

export function readLuggage(input: unknown): Luggage {
  return luggage.parse(input ?? {});
}

/** A path on this site, or the chat: what another site put into `next` leads nowhere else. */
export function safePath(text: unknown): string {
  if (typeof text !== "string" || !LOCAL_PATH.test(text)) return "/";

  // Resolved as a browser would: from /..//evil.example the two dots go, and two slashes begin a host.
  const url = new URL(text, "http://here.invalid");
  return LOCAL_PATH.test(url.pathname) ? url.pathname + url.search : "/";
}
