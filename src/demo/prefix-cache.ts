import { digest } from "../lib/tokens.js";
import { Recent } from "./recent.js";
import type { Message } from "./request.js";
import { countMessage } from "./tokens.js";

/** A conversation up to one of its messages. */
export interface Prefix {
  key: string;
  tokens: number;
}

const MOST_PREFIXES = 5000;

/**
 * What DeepSeek's cache on disk counts: of a request, the longest beginning that was the whole of an earlier
 * request, or of one with its answer (https://api-docs.deepseek.com/guides/kv_cache).
 */
export class PrefixCache {
  readonly #known: Recent<true>;

  constructor(most = MOST_PREFIXES) {
    this.#known = new Recent(most);
  }

  hitTokens(prefixes: readonly Prefix[]): number {
    return prefixes.findLast(({ key }) => this.#known.get(key))?.tokens ?? 0;
  }

  remember({ key }: Prefix) {
    this.#known.set(key, true);
  }
}

/** The prefixes of a conversation, shortest first; people with different ids share none. */
export function prefixesOf(messages: readonly Message[], userId: string): Prefix[] {
  const prefixes: Prefix[] = [];
  let last: Prefix = { key: digest(userId), tokens: 0 };

  for (const message of messages) {
    last = longer(last, message);
    prefixes.push(last);
  }
  return prefixes;
}

export function longer({ key, tokens }: Prefix, message: Message): Prefix {
  return {
    key: digest(key, message.role, message.content),
    tokens: tokens + countMessage(message),
  };
}
