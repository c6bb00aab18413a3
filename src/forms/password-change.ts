import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { newPassword } from "./registration.js";

export interface PasswordChange {
  current: string;
  password: string;
}

export function passwordChangeForm(input: unknown, minLength: number): Form<PasswordChange> {
  const schema = z.object({
    current: z.string(t("Enter your current password.")).min(1, t("Enter your current password.")),
    password: newPassword(minLength),
  });

  return read(schema, input, []);
}

export function passwordResetForm(input: unknown, minLength: number): Form<{ password: string }> {
  return read(z.object({ password: newPassword(minLength) }), input, []);
}
