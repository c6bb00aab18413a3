import { config } from "../config.js";
import type { Model } from "../deepseek/types.js";
import { Conflict } from "../errors.js";
import { t } from "../lib/texts.js";
import type { ModelChoice, Writer } from "../models/parameters.js";
import { catalogueEdition } from "./upstream/edition.js";
import {
  type Absence,
  type Added,
  absenceOf,
  addedProviders,
  findAdded,
  findUpstream,
  upstreamOf,
  upstreams,
} from "./upstream.js";

const DEEPSEEKS_DEFAULT = "deepseek-flash";

const ABSENT: Record<Absence | "not_offered", string> = {
  provider_gone: t("The provider of this model was removed. Choose another model, then try again."),
  provider_off: t(
    "The provider of this model was switched off. Choose another model, then try again.",
  ),
  key_unreadable: t(
    "The provider of this model cannot be asked until an administrator enters its key again. Choose another model, then try again.",
  ),
  not_offered: t("This model is not offered any more. Choose another one, then try again."),
};

/** A model that may be chosen; the settings' own provider has no name. */
export interface Offered extends Model {
  provider: { id: string; name: string } | null;
}

// There may be hundreds, and each page asks.
let known: { edition: number; models: Offered[] } = { edition: -1, models: [] };

/** The model that answers, as far as is known now: no page waits for the upstream's list. */
export function currentModel(): { id: string | null; name: string; demo: boolean } {
  void refreshed();
  const id = chosen();
  return { id, name: modelName(id), demo: upstreamOf(null).isDemo };
}

/** What people call a model, as far as a server has said. */
export function modelName(id: string | null): string {
  for (const { list } of upstreams()) {
    const model = list.models.find((one) => one.id === id);
    if (model) return model.name;
  }
  return id ?? t("the model");
}

/** What an administrator calls an added provider, as long as it is there. */
export function providerName(id: string): string {
  return findAdded(id)?.provider.name ?? t("One that was removed");
}

/** The models that may be chosen, as far as their servers have said. */
export function offered(): readonly Offered[] {
  for (const { list } of upstreams()) void list.refreshed();
  if (known.edition !== catalogueEdition()) known = { edition: catalogueEdition(), models: all() };
  return known.models;
}

function all(): Offered[] {
  const own = upstreamOf(null).list.models.map((model) => ({ ...model, provider: null }));
  return [...own, ...addedProviders().flatMap(offeredBy)];
}

function offeredBy({ provider, upstream }: Added): Offered[] {
  if (!upstream) return [];

  const { id, name, models: chosen } = provider;
  const listed = upstream.list.models;
  const models = chosen?.map((id) => listed.find((model) => model.id === id) ?? unlisted(id));
  return (models ?? listed).map((model) => ({ ...model, provider: { id, name } }));
}

/** Whether a model may be chosen. While nothing is known of a server's list, its server will tell. */
export function isOffered({ providerId, model }: ModelChoice): boolean {
  if (providerId !== null) return isOfferedBy(findAdded(providerId), model);
  return model === null || model === chosen() || isListed(null, model);
}

function isOfferedBy(added: Added | null, model: string | null): boolean {
  if (!added?.upstream || model === null) return false;
  return added.provider.models?.includes(model) ?? isListed(added.provider.id, model);
}

function isListed(providerId: string | null, model: string): boolean {
  const listed = findUpstream(providerId)?.list.models ?? [];
  return listed.length === 0 || listed.some(({ id }) => id === model);
}

/** The model for an answer; where only the list can tell, the answer waits for it. */
export async function chooseModel({ providerId, model }: ModelChoice): Promise<Writer> {
  if (model !== null) return chosenByPerson({ providerId, model });
  if (!chosen()) await upstreamOf(null).list.ask();
  return { providerId: null, model: chosen() ?? "default" };
}

// What the settings' own server lists is its own to refuse; of a provider only what is offered is sent anything.
function chosenByPerson(writer: Writer): Writer {
  const why = whyNot(writer);
  if (why) throw new Conflict(why);
  return writer;
}

/** Why nothing can be asked of the model that was chosen, in a sentence; null where it can. */
export function whyNot({ providerId, model }: ModelChoice): string | null {
  if (providerId === null || model === null) return null;

  const absence = absenceOf(providerId);
  if (absence) return ABSENT[absence];
  return isOffered({ providerId, model }) ? null : ABSENT.not_offered;
}

/** How many tokens the model reads at most, question and answer together. */
export function contextTokens({ providerId, model }: Writer): number {
  const usual = providerId === null ? null : findAdded(providerId)?.provider.contextTokens;
  return find({ providerId, model })?.contextTokens ?? usual ?? config.deepseek.contextTokens;
}

/** How many tokens it writes at most; without end where its server does not say. */
export function outputTokens(writer: Writer): number {
  return find(writer)?.outputTokens ?? Number.POSITIVE_INFINITY;
}

/** Whether a model is known to see pictures: by its server's list, or where that does not say, by the settings. */
export function sees(writer: Writer): boolean {
  return find(writer)?.vision ?? config.deepseek.sees;
}

/** When the list of the settings' own server is fresh again; at once when it is. */
export function refreshed(): Promise<void> {
  return upstreamOf(null).list.refreshed();
}

function find({ providerId, model }: Writer): Model | undefined {
  return findUpstream(providerId)?.list.models.find(({ id }) => id === model);
}

function unlisted(id: string): Model {
  return {
    id,
    name: id,
    contextTokens: null,
    outputTokens: null,
    vision: null,
    reasoning: null,
  };
}

function chosen(): string | null {
  const { isDemo, isDeepSeek, list } = upstreamOf(null);
  if (config.deepseek.model) return config.deepseek.model;
  if (isDeepSeek && !isDemo) return DEEPSEEKS_DEFAULT;
  return list.models[0]?.id ?? (isDemo ? "demo" : null);
}
