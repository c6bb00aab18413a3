// What somebody keeps beside their conversations: their folders, prompts and presets, by their names.
import * as folders from "../../models/folders.js";
import type { Manner } from "../../models/parameters.js";
import * as presets from "../../models/presets.js";
import * as prompts from "../../models/prompts.js";
import * as providers from "../../models/providers.js";
import { FORMAT, VERSION } from "../format.js";

export interface LeavingPrompt {
  name: string;
  title: string;
  body: string;
}

export interface LeavingPreset extends Manner {
  name: string;
  icon: string;
  description: string;
  starters: string[];
  /** The name of the model's provider; null: the settings' own. */
  provider: string | null;
  model: string | null;
}

export interface Library {
  folders: { name: string }[];
  prompts: LeavingPrompt[];
  presets: LeavingPreset[];
}

/** The same as JSON; null where there is nothing. */
export async function libraryJson(userId: string): Promise<string | null> {
  const library = await libraryOf(userId);
  const isEmpty = Object.values(library).every((list) => list.length === 0);
  return isEmpty ? null : `${JSON.stringify({ format: FORMAT, version: VERSION, library })}\n`;
}

export async function libraryOf(userId: string): Promise<Library> {
  const kept = await prompts.list(userId);
  return {
    folders: (await folders.all(userId)).map(({ name }) => ({ name })),
    prompts: kept.filter(({ isMine }) => isMine).map(promptOf),
    presets: await presetsOf(userId),
  };
}

function promptOf({ name, title, body }: LeavingPrompt): LeavingPrompt {
  return { name, title, body };
}

async function presetsOf(userId: string): Promise<LeavingPreset[]> {
  const names = new Map((await providers.list()).map(({ id, name }) => [id, name]));
  const mine = (await presets.list(userId)).filter(({ isMine }) => isMine);
  const whole = await Promise.all(mine.map(({ id }) => presets.find(userId, id)));

  return whole.map(({ name, icon, description, starters, parameters }) => {
    const { providerId, model, ...manner } = parameters;
    const provider = providerId && (names.get(providerId) ?? null);
    const isGone = providerId !== null && provider === null;
    return {
      ...{ name, icon, description, starters, provider },
      ...{ model: isGone ? null : model, ...manner },
    };
  });
}
