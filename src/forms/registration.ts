import { z } from "zod";
import { characters } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";

const SHORTEST_NAME = 3;
const LONGEST_NAME = 80;
// Only a bound on the work: far above what anybody types.
const LONGEST_PASSWORD = 4096;

// Control, format (bidi, zero-width), private and unassigned characters, whatever else is drawn as nothing
// (variation selectors, fillers, the empty Braille cell), and all spaces but the plain one.
const UNSEEN =
  /[\p{C}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u2800\u3000]/u;

export interface Registration {
  username: string;
  password: string;
  setupToken: string;
}

export function registrationForm(input: unknown, passwordMinLength: number): Form<Registration> {
  const schema = z.object({
    username: username(),
    password: newPassword(passwordMinLength),
    setupToken: z.string().catch(""),
  });

  return read(schema, input, ["username", "setupToken"]);
}

/** The rules for a password that is being chosen; shared by every form that sets one. */
export function newPassword(minLength: number) {
  return z
    .string(t("Choose a password."))
    .refine((text) => characters(text) >= minLength, {
      message: t("Use at least {minLength} characters.", { minLength }),
    })
    .refine((text) => text.length <= LONGEST_PASSWORD, { message: t("That is too long.") });
}

function username() {
  return z
    .string(t("Choose a user name."))
    .transform((text) => text.normalize("NFC").trim())
    .refine((text) => characters(text) >= SHORTEST_NAME && characters(text) <= LONGEST_NAME, {
      message: t("Use {shortest} to {longest} characters.", {
        shortest: SHORTEST_NAME,
        longest: LONGEST_NAME,
      }),
    })
    .refine((text) => !UNSEEN.test(text), {
      message: t(
        "Use letters, digits, punctuation and plain spaces only: no invisible characters.",
      ),
    });
}
