import { answerOn } from "../answers.js";
import { answer, type Scenario, wire } from "../fake-deepseek.js";
import { type Bench, question } from "../faults.js";
import type { Visitor } from "../visitor.js";

/** An answer of so many words, that is being written while something happens. */
export function slowly(count: number, tokenMs = 20): Scenario {
  return answer({ reasoning: "", content: words(count), tokenMs });
}

export function words(count: number): string {
  return wire.numberedWords(count).join("");
}

/** Asks, and comes back as soon as the answer is on its way. */
export async function asking(bench: Bench, person: Visitor, upstream: Scenario) {
  const prompt = question(`client ${bench.fake.directive(upstream)}`);
  const path = await person.ask(prompt);
  const id = answerOn(await person.get(path));
  return { path, prompt, id, src: `/generations/${id}` };
}

export function stateOf(bench: Bench, id: string): unknown {
  return bench.rows("SELECT state FROM Message WHERE id = ?", id)[0]?.state;
}
