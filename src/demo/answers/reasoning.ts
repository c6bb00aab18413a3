import { counted } from "../../lib/text.js";
import { type Asked, paragraphs, pick, plain, type Topic } from "./topic.js";

interface Matched {
  topic: Topic;
  found: string | null;
}

const OPENINGS = [
  "This is where a real model thinks. I am a demo, so all I do is look for words that I know in the last message, and pick the text that was written for them.",
  "A real model would weigh the question here. I only compare the last message with the words that I know, one topic after the other, and take the first that fits.",
  "What a real model thinks would stand here, often at length. I look for words that I know in the last message; each of them leads to a text that people wrote beforehand.",
] as const;

/** Honest about how little it is, and about as long as two seconds of writing. */
export function reasoningFor(asked: Asked, { topic, found }: Matched): string {
  return paragraphs(
    pick(asked.variant, OPENINGS),
    whatCame(asked),
    found === null ? NOTHING_FOUND : whatWasFound(found, topic),
    asked.variant > 0 ? "I was asked exactly this before, so I choose other words this time." : "",
  ).trimEnd();
}

const NOTHING_FOUND =
  "None of my words is in it. Guessing would only waste time, so the best I can do is to say what I am, what has arrived, and what I could show instead.";

function whatCame({ messages, question }: Asked): string {
  return `I was sent ${counted(messages.length, "message")}. The last one is ${counted(question.length, "character")} long and begins like this: “${plain(question, 60).replace(/[\\`*_[\]<>~|&#]/g, " ")}”`;
}

function whatWasFound(found: string, { name }: Topic): string {
  return `I know the words “${plain(found, 40).replace(/[\\`*_[\]<>~|&#]/g, " ")}”. This is about ${name}, and I have a text for that. It should say what it is, so that nobody takes it for the answer of a real model.`;
}
