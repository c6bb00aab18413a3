// What our own archive holds beside conversations. Which of it may be kept is said where it is taken in.
import { z } from "zod";
import type { Library } from "../../out/library.js";
import { Unfit } from "../arrival.js";
import { object } from "../values.js";
import { asOurs, isOurs, settings } from "./aifacade.js";

const text = z.string().max(100_000);
const few = <T extends z.ZodType>(item: T) => z.array(item).max(1000).default([]);

const file = z.object({
  library: z.object({
    folders: few(z.object({ name: text })),
    prompts: few(z.object({ name: text, title: text, body: text })),
    presets: few(
      z.object({
        ...{ name: text, icon: text, description: text.default("") },
        starters: z.array(text).max(100).default([]),
        ...settings,
      }),
    ),
  }),
});

export function isLibrary(value: unknown): boolean {
  const fields = object(value);
  return fields !== null && isOurs(fields) && "library" in fields;
}

export function libraryIn(value: unknown): Library {
  const { library } = asOurs(file, value);
  const count = Object.values(library).reduce((sum, list) => sum + list.length, 0);
  if (count === 0) throw new Unfit("empty_library");
  return library;
}
