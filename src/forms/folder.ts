import { z } from "zod";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { line } from "./line.js";

const LONGEST_NAME = 60;

const folder = z.object({ name: line(LONGEST_NAME, t("A folder needs a name.")) });

export function folderForm(input: unknown): Form<{ name: string }> {
  return read(folder, input, ["name"]);
}
