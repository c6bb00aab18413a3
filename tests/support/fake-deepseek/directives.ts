import type { FakeRequest } from "../fake-deepseek.js";
import * as scenarios from "./scenarios.js";
import { complaint, lastQuestion, numberedWords } from "./wire.js";

/** What `chaos:name@number` in the last question asks for. */
const DIRECTIVES: Record<string, (number: number) => scenarios.Scenario> = {
  reset: (tokens) => scenarios.cutAfter(tokens, "rst"),
  fin: (tokens) => scenarios.cutAfter(tokens, "fin"),
  early: (tokens) => scenarios.endsEarly(tokens),
  stall: (tokens) => scenarios.stall(tokens),
  silent: () => scenarios.stall(0),
  slow: (tokenMs) => scenarios.answer({ tokenMs }),
  queue: (comments) => scenarios.queued(comments, { everyMs: 200 }),
  drip: (everyMs) => scenarios.drip(1, { everyMs }),
  long: (tokens) => scenarios.answer({ content: numberedWords(tokens).join("") }),
  think: (tokens) => scenarios.answer({ reasoning: numberedWords(tokens).join("") }),
  endless: () => scenarios.endless(),
  status: (code) => scenarios.status(code, complaint(`Fake ${code}`)),
  html: () => scenarios.htmlPage(),
  redirect: () => scenarios.redirect("http://127.0.0.1:9/elsewhere"),
  garbage: () => scenarios.garbage(),
  giant: (bytes) => scenarios.giantEvent(bytes),
  empty: () => scenarios.answer({ content: "", reasoning: "" }),
  length: () => scenarios.answer({ finish: "length" }),
  filter: () => scenarios.answer({ finish: "content_filter" }),
  resource: () => scenarios.answer({ finish: "insufficient_system_resource" }),
  nodone: () => scenarios.answer({ done: false }),
};

interface Told {
  held: Set<() => void>;
  given: scenarios.Scenario[][];
}

/**
 * `chaos:hold@3` sends three tokens and waits for the fake's `release()`; `chaos:given@1` is what a test has
 * given the fake for this question.
 */
export function directed(request: FakeRequest, { held, given }: Told): scenarios.Scenario | null {
  const question = lastQuestion(request.body);
  const [, name = "", number = "0"] = /\bchaos:(\w+)(?:@(\d+))?/.exec(question) ?? [];

  if (name === "hold") return holding(Number(number), held);
  if (name === "given") return nextOf(given[Number(number)] ?? []);
  if (name === "say") return scenarios.answer({ content: question.replace(/.*chaos:say\s*/s, "") });
  return DIRECTIVES[name]?.(Number(number)) ?? null;
}

function nextOf(attempts: scenarios.Scenario[]): scenarios.Scenario | null {
  return (attempts.length > 1 ? attempts.shift() : attempts[0]) ?? null;
}

function holding(tokens: number, held: Set<() => void>): scenarios.Scenario {
  const scenario = scenarios.hold(numberedWords(tokens), ["and ", "the rest."]);
  held.add(scenario.release);
  return scenario;
}
