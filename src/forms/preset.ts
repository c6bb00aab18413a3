import { z } from "zod";
import { characters } from "../lib/text.js";
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
  "messages-square": "Speech bubbles",
  "pen-line": "Pen",
  "code-xml": "Code",
  bug: "Bug",
  languages: "Languages",
  "graduation-cap": "Graduation cap",
  briefcase: "Briefcase",
  calculator: "Calculator",
  lightbulb: "Light bulb",
  compass: "Compass",
  scale: "Scale",
  "flask-conical": "Flask",
  "chef-hat": "Chef’s hat",
  heart: "Heart",
  sparkles: "Sparkles",
  globe: "Globe",
};

const ICONS = Object.keys(PRESET_ICONS);

/** Its fields beside those of `forms/parameters.ts`. */
export const PRESET_FIELDS = "name icon description starters everyone".split(" ");
export const LONGEST_PRESET_NAME = 60;
export const LONGEST_DESCRIPTION = 200;

const MOST_STARTERS = 4;
const LONGEST_STARTER = 300;

const preset = z.object({
  name: line(LONGEST_PRESET_NAME, "Give it a name."),
  icon: z.enum(ICONS, "Choose one of the icons."),
  description: z
    .string()
    .catch("")
    .transform((text) => text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim())
    .refine((text) => characters(text) <= LONGEST_DESCRIPTION, {
      message: `Use at most ${LONGEST_DESCRIPTION} characters.`,
    }),
  starters: z
    .string()
    .catch("")
    .transform(linesOf)
    .refine((lines) => lines.length <= MOST_STARTERS, {
      message: `Give at most ${MOST_STARTERS}, one on each line.`,
    })
    .refine((lines) => lines.every((text) => characters(text) <= LONGEST_STARTER), {
      message: `Use at most ${LONGEST_STARTER} characters on each line.`,
    })
    .refine((lines) => !lines.join().includes("\0"), { message: "A line holds a NUL character." }),
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
