import { counted } from "../../lib/text.js";
import { SHOWING } from "./about.js";
import { type Asked, paragraphs, pick, quoted, type Topic } from "./topic.js";

const ENGLISH = new Set(
  "the is are a an of to in and you i it what how why who do does can for my me this that with on".split(
    " ",
  ),
);
const ELSEWHERE = new Set(
  "und der das ist nicht wie ich du ein eine kannst bitte mir warum wer auf mit für le les est une des que quoi comment je vous tu pourquoi bonjour avec pour el los las es una por qué como cómo puedes quién il che non sono perché come puoi di o uma você não para porque het een niet ik hoe waarom wat".split(
    " ",
  ),
);
const FOREIGN_SHARE = 0.3;

/** A question in a language that there are no texts in. */
export const foreign: Topic = {
  name: "a language other than English",
  finds: (text) => (isForeign(text) ? text : null),
  say: ({ question, variant }: Asked) =>
    paragraphs(
      pick(variant, [
        `You wrote ${quoted(question)}, which does not look like English to me.`,
        `${quoted(question)}: that does not seem to be English.`,
      ]),
      "I am the demo model, and my texts are in English only. A real model will most likely speak your language; for that, set `DEEPSEEK_API_KEY` or `DEEPSEEK_BASE_URL` in `.env`.",
      SHOWING,
    ),
};

/** Everything that no other topic knows. */
export const unknown: Topic = {
  name: "something I know nothing about",
  finds: () => null,
  say: (asked: Asked) =>
    paragraphs(
      pick(asked.variant, [
        "I cannot answer that: I am only the demo model, and know a few texts by heart.",
        "That is beyond me. I am the demo model, not a real one, and I understand nothing of what is written to me.",
        "Here a real model would answer. I am the demo, and can only tell you that your question has arrived.",
      ]),
      whatArrived(asked),
      "For a real model, set `DEEPSEEK_API_KEY` or `DEEPSEEK_BASE_URL` in `.env`.",
      SHOWING,
    ),
};

function whatArrived({ question, messages }: Asked): string {
  if (question.trim() === "") return "What arrived is an empty message.";

  const received = `What arrived is ${quoted(question)} (${counted(question.length, "character")})`;
  if (messages.length === 1) return `${received}.`;
  return `${received}, with ${counted(messages.length - 1, "message")} before it.`;
}

function isForeign(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const latin = text.match(/\p{Script=Latin}/gu) ?? [];
  if (letters.length > 0 && latin.length < letters.length * (1 - FOREIGN_SHARE)) return true;

  const spoken = text.toLowerCase().match(/\p{L}+/gu) ?? [];
  const elsewhere = countIn(spoken, ELSEWHERE);
  return elsewhere >= 2 && elsewhere > countIn(spoken, ENGLISH);
}

function countIn(spoken: readonly string[], known: ReadonlySet<string>): number {
  return spoken.filter((word) => known.has(word)).length;
}
