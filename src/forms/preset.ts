import { z } from "zod";
import { characters } from "../lib/text.js";
import { t } from "../lib/texts.js";
import { type Form, read } from "./form.js";
import { line } from "./line.js";

interface PresetDraft {
  name: string;
  icon: string;
  description: string;
  starters: string[];
  everyone: boolean;
}

/** The icons to choose from, with what each shows. */
export const PRESET_ICONS = {
  "messages-square": t("Speech bubbles"),
  "pen-line": t("Pen"),
  "code-xml": t("Code"),
  bug: t("Bug"),
  languages: t("Languages"),
  "graduation-cap": t("Graduation cap"),
  briefcase: t("Briefcase"),
  calculator: t("Calculator"),
  lightbulb: t("Light bulb"),
  compass: t("Compass"),
  scale: t("Scale"),
  "flask-conical": t("Flask"),
  "chef-hat": t("Chef’s hat"),
  heart: t("Heart"),
  sparkles: t("Sparkles"),
  globe: t("Globe"),
};

const ICONS = Object.keys(PRESET_ICONS);

/** Its fields beside those of `forms/parameters.ts`. */
export const PRESET_FIELDS = "name icon description starters everyone".split(" ");
export const LONGEST_PRESET_NAME = 60;
export const LONGEST_DESCRIPTION = 200;

const MOST_STARTERS = 4;
const LONGEST_STARTER = 300;

const preset = z.object({
  name: line(LONGEST_PRESET_NAME, t("Give it a name.")),
  icon: z.enum(ICONS, t("Choose one of the icons.")),
  description: z
    .string()
    .catch("")
    .transform((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim())
    .refine((text) => characters(text) <= LONGEST_DESCRIPTION, {
      message: t("Use at most {longest} characters.", { longest: LONGEST_DESCRIPTION }),
    }),
  starters: z
    .string()
    .catch("")
    .transform(linesOf)
    .refine((lines) => lines.length <= MOST_STARTERS, {
      message: t("Give at most {most}, one on each line.", { most: MOST_STARTERS }),
    })
    .refine((lines) => lines.every((text) => characters(text) <= LONGEST_STARTER), {
      message: t("Use at most {longest} characters on each line.", { longest: LONGEST_STARTER }),
    })
    .refine((lines) => !lines.join().includes("\0"), {
      message: t("A line holds a NUL character."),
    }),
  everyone: z.string().catch("").transform(Boolean),
});

export function presetForm(input: unknown): Form<PresetDraft> {
  return read(preset, input, PRESET_FIELDS);
}

function linesOf(text: string): string[] {
  return text
    .split(/\r\n?|\n/)
    .map((each) => each.trim())
    .filter((each) => each !== "");
}
