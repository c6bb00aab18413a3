import { answerTo, goingOn } from "./answers.js";
import { MODEL } from "./model.js";
import { longer, type Prefix, PrefixCache, prefixesOf } from "./prefix-cache.js";
import { Recent } from "./recent.js";
import { refusals } from "./refusals.js";
import type { ChatRequest, Message } from "./request.js";
import { tokensOf } from "./tokens.js";

/** An answer cut into tokens, with what it cost. */
export interface Completion {
  reasoning: string[];
  content: string[];
  finishReason: "stop" | "length";
  promptTokens: number;
  cachedTokens: number;
  /** To be called when the answer was sent whole: a cancelled one leaves nothing in the cache. */
  keep(): void;
}

const MOST_QUESTIONS_REMEMBERED = 5000;

/** A function that completes requests, and remembers which it has seen: for the cache, and for other words. */
export function completer(): (request: ChatRequest) => Completion {
  const cache = new PrefixCache();
  const timesAsked = new Recent<number>(MOST_QUESTIONS_REMEMBERED);

  return (request) => {
    const prefixes = prefixesOf(request.messages, request.userId);
    const prompt = prefixes.at(-1) as Prefix;
    if (prompt.tokens > MODEL.contextTokens) {
      throw refusals.tooLong(MODEL.contextTokens, prompt.tokens);
    }

    const cachedTokens = cache.hitTokens(prefixes);
    const asked = timesAsked.get(prompt.key) ?? 0;
    timesAsked.set(prompt.key, asked + 1);
    cache.remember(prompt);

    const words = cut(wordsFor(request, asked), request.maxTokens);
    return {
      ...words,
      promptTokens: prompt.tokens,
      cachedTokens,
      keep: () => cache.remember(prefixWithAnswer(request, prefixes, words.content.join(""))),
    };
  };
}

function wordsFor({ messages, continues, thinks }: ChatRequest, asked: number) {
  if (continues) return { reasoning: "", content: goingOn(messages) };

  const { reasoning, content } = answerTo(messages, asked);
  return { reasoning: thinks ? reasoning : "", content };
}

function cut(words: { reasoning: string; content: string }, maxTokens: number) {
  const reasoning = tokensOf(words.reasoning);
  const content = tokensOf(words.content);
  const fits = reasoning.length + content.length <= maxTokens;

  return {
    reasoning: reasoning.slice(0, maxTokens),
    content: content.slice(0, Math.max(0, maxTokens - reasoning.length)),
    finishReason: fits ? ("stop" as const) : ("length" as const),
  };
}

// An answer that was gone on with is one message in the next request.
function prefixWithAnswer(
  { messages, continues, userId }: ChatRequest,
  prefixes: readonly Prefix[],
  content: string,
): Prefix {
  const begun = continues ? (messages.at(-1) as Message).content : "";
  const before = continues ? prefixes.at(-2) : prefixes.at(-1);
  const answer: Message = { role: "assistant", content: begun + content };

  return before ? longer(before, answer) : (prefixesOf([answer], userId)[0] as Prefix);
}
