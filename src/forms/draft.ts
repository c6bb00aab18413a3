import { z } from "zod";
import { type Form, read } from "./form.js";
import { optional, promptText } from "./message.js";

interface DraftText {
  prompt: string;
  conversation: string | null;
  /** The version that was in the box before. */
  draft: string | null;
}

export function draftForm(input: unknown, longest: number): Form<DraftText> {
  const schema = z.object({
    prompt: promptText(longest),
    conversation: optional(),
    draft: optional(),
  });
  return read(schema, input, []);
}
