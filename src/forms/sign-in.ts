import { z } from "zod";
import { type Form, read } from "./form.js";

/** What travels through the login page: where to go on, and what was typed when a session had ended. */
export const CARRIED = ["username", "next", "prompt", "conversation", "author"];

export interface SignIn {
  username: string;
  password: string;
  next: string;
  prompt: string;
  conversation: string;
  author: string;
}

export function signInForm(input: unknown): Form<SignIn> {
  const schema = z.object({
    username: z.string("Enter your user name.").transform((text) => text.normalize("NFC").trim()),
    password: z.string("Enter your password."),
    next: z.string().catch(""),
    prompt: z.string().catch(""),
    conversation: z.string().catch(""),
    author: z.string().catch(""),
  });

  return read(schema, input, CARRIED);
}

/** A path on this site, or the chat: what another site put into `next` leads nowhere else. */
export function safePath(text: unknown): string {
  if (typeof text !== "string" || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(text)) return "/";

  const url = new URL(text, "http://here.invalid");
  return url.host === "here.invalid" ? url.pathname + url.search : "/";
}
