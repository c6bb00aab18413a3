// Folders, prompts and presets that come from elsewhere: what is here already stays as it is, and does not come twice.
import { isDeepStrictEqual } from "node:util";
import { Problem } from "../../errors.js";
import { folderForm } from "../../forms/folder.js";
import type { Form } from "../../forms/form.js";
import { presetForm } from "../../forms/preset.js";
import { LONGEST_PROMPT_NAME, promptForm } from "../../forms/prompt.js";
import * as folders from "../../models/folders.js";
import * as presets from "../../models/presets.js";
import * as prompts from "../../models/prompts.js";
import * as providers from "../../models/providers.js";
import { type LeavingPreset, type LeavingPrompt, type Library, libraryOf } from "../out/library.js";

/** Adds what somebody does not have yet; throws where one of it may not be kept, or there is no room. */
export async function takeLibrary(userId: string, library: Library) {
  const here = await libraryOf(userId);

  for (const { name } of library.folders.map((each) => right(folderForm(each)))) {
    if (!here.folders.some((folder) => folder.name === name)) await folders.create(userId, name);
  }
  for (const prompt of library.prompts) await takePrompt(userId, prompt, here.prompts);
  for (const preset of library.presets) await takePreset(userId, preset, here.presets);
}

async function takePrompt(
  userId: string,
  { name, ...prompt }: LeavingPrompt,
  here: LeavingPrompt[],
) {
  const { everyone: _, ...texts } = right(promptForm({ name, ...prompt }));
  const namesakes = here.filter((other) => other.name.startsWith(shortened(texts.name)));
  const isHere = namesakes.some(({ title, body }) => title === texts.title && body === texts.body);
  if (isHere) return;

  const own = freeName(texts.name, new Set(namesakes.map((other) => other.name)));
  const draft = { ...texts, name: own, everyone: false };
  const isStored = await prompts.create(noAdministrator(userId), draft);
  if (!isStored) throw new Error("the name of a prompt has been taken meanwhile");
  here.push({ ...texts, name: own });
}

// A name that another text has already gets a number.
function freeName(name: string, taken: Set<string>): string {
  if (!taken.has(name)) return name;
  let number = 2;
  while (taken.has(numbered(name, number))) number += 1;
  return numbered(name, number);
}

function numbered(name: string, number: number): string {
  return `${shortened(name)}-${number}`;
}

function shortened(name: string): string {
  return [...name].slice(0, LONGEST_PROMPT_NAME - 5).join("");
}

async function takePreset(userId: string, preset: LeavingPreset, here: LeavingPreset[]) {
  const { name, icon, description, starters, provider, model, ...manner } = preset;
  const fields = { name, icon, description, starters: starters.join("\n") };
  const { everyone: _, ...looks } = right(presetForm(fields));
  const providerId = provider === null ? null : await idOf(provider);
  const isGone = provider !== null && providerId === null;
  const choice = { provider: isGone ? null : provider, model: isGone ? null : model };
  if (here.some((other) => isDeepStrictEqual(other, { ...looks, ...choice, ...manner }))) return;

  const parameters = { providerId, model: choice.model, ...manner };
  await presets.create(noAdministrator(userId), { ...looks, everyone: false }, parameters);
}

async function idOf(provider: string): Promise<string | null> {
  return (
    (await providers.list()).find(({ name, active }) => active && name === provider)?.id ?? null
  );
}

// What comes is its owner's alone, whoever that is.
function noAdministrator(id: string) {
  return { id, username: "", administrator: false };
}

function right<T>(form: Form<T>): T {
  if (form.ok) return form.value;
  throw new Problem(422, Object.values(form.errors)[0] ?? "");
}
