import { z } from "zod";
import { characters } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { type Form, type Refused, read, refuse } from "./form.js";

const LONGEST_NAME = 60;
const LONGEST_ADDRESS = 2000;
const LONGEST_KEY = 4096;
const CONTEXT = { least: 1024, most: 100_000_000, usual: 65_536 };

const KEPT = ["name", "baseUrl", "dialect", "contextTokens", "keyless"];
const NO_NAME = t("Give it a name, as people shall read it.");
const NO_ADDRESS = t(
  "Give an address such as https://openrouter.ai/api/v1 or http://127.0.0.1:11434/v1.",
);
const NO_KEY = t("A key has no spaces, and plain letters only. Copy it once more.");
const NO_COUNT = t("Give a whole number from {least} to {most}.", {
  least: CONTEXT.least,
  most: CONTEXT.most,
});
const KEY_ONCE_MORE = t("Enter the key once more: it is not kept in a form that was refused.");

interface ProviderDraft {
  name: string;
  baseUrl: string;
  dialect: "auto" | "deepseek" | "generic";
  contextTokens: number;
  apiKey: string | null;
  keyless: boolean;
}

const provider = z
  .object({
    name: z
      .string(NO_NAME)
      .transform((text) => text.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, " ").trim())
      .refine((text) => text.replace(/\p{Default_Ignorable_Code_Point}/gu, "").trim() !== "", {
        message: NO_NAME,
      })
      .refine((text) => characters(text) <= LONGEST_NAME, {
        message: t("Use at most {longest} characters.", { longest: LONGEST_NAME }),
      }),
    baseUrl: z.string(NO_ADDRESS).trim().max(LONGEST_ADDRESS, NO_ADDRESS).transform(address),
    dialect: z.enum(["auto", "deepseek", "generic"]).catch("auto"),
    contextTokens: z.preprocess(
      (text) => text || CONTEXT.usual,
      z.coerce
        .number(NO_COUNT)
        .int(NO_COUNT)
        .min(CONTEXT.least, NO_COUNT)
        .max(CONTEXT.most, NO_COUNT),
    ),
    key: z
      .string(NO_KEY)
      .trim()
      .max(LONGEST_KEY, NO_KEY)
      .regex(/^[\x21-\x7e]*$/, NO_KEY)
      .default(""),
    keyless: z.string().optional().catch(undefined),
  })
  .transform(({ key, keyless, ...rest }) => ({
    ...rest,
    apiKey: key || null,
    keyless: keyless === "yes",
  }));

/** A provider as an administrator enters it; a key is never shown again, not even in the form it came with. */
export function providerForm(input: unknown): Form<ProviderDraft> {
  const form = read<ProviderDraft>(provider, input, KEPT);
  return form.ok ? form : refusedProvider(input, form.errors);
}

/** The same form, refused: a key that came with it has to be entered anew. */
export function refusedProvider(
  input: unknown,
  errors: Record<string, string>,
): { ok: false } & Refused {
  const { key } = (input ?? {}) as { key?: unknown };
  return refuse(input, KEPT, key ? { key: KEY_ONCE_MORE, ...errors } : errors);
}

// What people paste along, a query or a fragment, is left out.
function address(text: string, context: z.RefinementCtx): string {
  const url = URL.canParse(text) ? new URL(text) : null;

  if (!url || !/^https?:$/.test(url.protocol)) {
    context.addIssue(NO_ADDRESS);
    return z.NEVER;
  }
  if (url.username || url.password) {
    context.addIssue(
      t("Leave name and password out of the address. A key goes into its own field."),
    );
    return z.NEVER;
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}
