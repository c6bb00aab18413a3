import type { DeepSeekClient, Model } from "../../deepseek/types.js";
import { log } from "../../lib/log.js";
import { nextEdition } from "./edition.js";

const FRESH_FOR_MS = 10 * 60_000;
const ASKED_AGAIN_AFTER_MS = 30_000;
const PATIENCE_MS = 5_000;

/** What a server offers, as far as it is known: nobody waits for it but who needs it. */
export class ModelList {
  /** What it was found to hold last. */
  models: Model[] = [];
  /** Why it could not be read last; null once it was, and before. */
  failure: unknown = null;
  readonly #client: DeepSeekClient;
  readonly #asked: string;
  #dueAt = 0;
  #asking: Promise<void> | null = null;
  #complaint = "";

  /** `asked` says in the log which server it is of. */
  constructor(client: DeepSeekClient, asked: string) {
    this.#client = client;
    this.#asked = asked;
  }

  get isKnown(): boolean {
    return this.#dueAt > 0;
  }

  /** When the list is fresh again; at once when it is. */
  refreshed(): Promise<void> {
    if (performance.now() >= this.#dueAt) return this.ask();
    return this.#asking ?? Promise.resolve();
  }

  /** Asks for it now, however fresh it is; comes back when it is there or cannot be had. */
  ask(): Promise<void> {
    this.#asking ??= this.#read().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #read() {
    try {
      this.#keep(await this.#client.models({ signal: AbortSignal.timeout(PATIENCE_MS) }));
      this.failure = null;
      this.#dueAt = performance.now() + FRESH_FOR_MS;
      this.#complaint = "";
    } catch (error) {
      this.failure = error;
      this.#dueAt = performance.now() + ASKED_AGAIN_AFTER_MS;
      this.#complain(String(error));
    }
  }

  #keep(models: Model[]) {
    if (JSON.stringify(models) !== JSON.stringify(this.models)) nextEdition();
    this.models = models;
  }

  // Asked every half minute, a list that cannot be had is one line in the log and not a thousand.
  #complain(reason: string) {
    if (reason === this.#complaint) return;
    this.#complaint = reason;
    log.warn({ reason, upstream: this.#asked }, "the upstream's list of models could not be read");
  }
}
