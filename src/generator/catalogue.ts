import { config } from "../config.js";
import type { Model } from "../deepseek/types.js";
import { log } from "../lib/log.js";
import type { ModelChoice, Writer } from "../models/parameters.js";
import { client, isDeepSeek, isDemo } from "./upstream.js";

const DEEPSEEKS_DEFAULT = "deepseek-flash";
const FRESH_FOR_MS = 10 * 60_000;
const ASKED_AGAIN_AFTER_MS = 30_000;
const LIST_TIMEOUT_MS = 5_000;

/** A model that may be chosen; the settings' own provider has no name. */
export interface Offered extends Model {
  provider: { id: string; name: string } | null;
}

let models: Model[] = [];
let edition = 0;
let dueAt = 0;
let complaint = "";
let asking: Promise<void> | null = null;

/** The model that answers, as far as is known now: no page waits for the upstream's list. */
export function currentModel(): { id: string | null; name: string; demo: boolean } {
  void refreshed();
  const id = chosen();
  return { id, name: modelName(id), demo: isDemo() };
}

/** What people call a model, as far as its server has said. */
export function modelName(id: string | null): string {
  return models.find((model) => model.id === id)?.name ?? id ?? "the model";
}

/** The models that may be chosen, as far as their servers have said. */
export function offered(): Offered[] {
  void refreshed();
  return models.map((model) => ({ ...model, provider: null }));
}

/** What is another number as soon as other models are offered, or others' names are known. */
export function catalogueEdition(): number {
  return edition;
}

/** Whether a model may be chosen. While nothing is known of a server's list, its server will tell. */
export function isOffered({ providerId, model }: ModelChoice): boolean {
  if (providerId !== null) return false;
  return model === null || model === chosen() || models.length === 0 || has(model);
}

/** The model for an answer; where only the list can tell, the answer waits for it. */
export async function chooseModel({ providerId, model }: ModelChoice): Promise<Writer> {
  if (model !== null) return { providerId, model };
  if (!chosen()) await askNow();
  return { providerId: null, model: chosen() ?? "default" };
}

/** How many tokens the model reads at most, question and answer together. */
export function contextTokens(id: string): number {
  return models.find((model) => model.id === id)?.contextTokens ?? config.deepseek.contextTokens;
}

/** How many tokens it writes at most; without end where its server does not say. */
export function outputTokens(id: string): number {
  return models.find((model) => model.id === id)?.outputTokens ?? Number.POSITIVE_INFINITY;
}

/** When the list is fresh again; at once when it is. */
export function refreshed(): Promise<void> {
  return performance.now() < dueAt ? (asking ?? Promise.resolve()) : askNow();
}

function has(id: string): boolean {
  return models.some((model) => model.id === id);
}

function askNow(): Promise<void> {
  asking ??= refresh().finally(() => {
    asking = null;
  });
  return asking;
}

function chosen(): string | null {
  if (config.deepseek.model) return config.deepseek.model;
  if (!isDemo() && isDeepSeek()) return DEEPSEEKS_DEFAULT;
  return models[0]?.id ?? (isDemo() ? "demo" : null);
}

async function refresh() {
  try {
    keep(await client().models({ signal: AbortSignal.timeout(LIST_TIMEOUT_MS) }));
    dueAt = performance.now() + FRESH_FOR_MS;
    complaint = "";
  } catch (error) {
    dueAt = performance.now() + ASKED_AGAIN_AFTER_MS;
    complain(String(error));
  }
}

function keep(listed: Model[]) {
  if (JSON.stringify(listed) !== JSON.stringify(models)) edition += 1;
  models = listed;
}

// Asked every half minute, a list that cannot be had is one line in the log and not a thousand.
function complain(reason: string) {
  if (reason === complaint) return;
  complaint = reason;
  log.warn({ reason }, "the upstream's list of models could not be read");
}
