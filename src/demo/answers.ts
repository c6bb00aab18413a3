import { abilities, about, connecting, identity, privacy } from "./answers/about.js";
import { code } from "./answers/code.js";
import { interfaceTopics } from "./answers/interface.js";
import { long } from "./answers/long.js";
import { memoryTopics, nameTold } from "./answers/memory.js";
import { reasoningFor } from "./answers/reasoning.js";
import { list, markdown, table } from "./answers/shapes.js";
import { goodbye, greeting, testing, thanks } from "./answers/small-talk.js";
import { starters } from "./answers/starters.js";
import { title } from "./answers/title.js";
import type { Asked, Topic } from "./answers/topic.js";
import { foreign, unknown } from "./answers/unknown.js";
import type { Message } from "./request.js";

export interface Answer {
  reasoning: string;
  content: string;
}

/** The first that finds one of its words answers, so the particular come before the general. */
const TOPICS: readonly Topic[] = [
  title,
  ...starters,
  ...memoryTopics,
  connecting,
  privacy,
  ...interfaceTopics,
  long,
  markdown,
  table,
  list,
  code,
  nameTold,
  identity,
  abilities,
  about,
  thanks,
  goodbye,
  testing,
  greeting,
  foreign,
];

// Two, three or four ways of saying something come around again after twelve.
const VARIANTS = 12;
const HEARD_AT_EACH_END = 400;
const CANNOT_GO_ON =
  "\n\nHere the demo model has to stop: it knows its own texts by heart, and this is not one of them.";

/** The same messages give the same answer; `asked` is how often they were asked before, for other words. */
export function answerTo(messages: readonly Message[], asked = 0): Answer {
  const question = messages.findLast(({ role }) => role === "user")?.content ?? "";
  const about: Asked = { question, messages, variant: asked % VARIANTS };
  const { topic, found } = topicOf(question);

  return { reasoning: reasoningFor(about, { topic, found }), content: topic.say(about) };
}

/** What is missing from the answer that the last message began. */
export function goingOn(messages: readonly Message[]): string {
  const begun = messages.at(-1)?.content ?? "";
  const before = messages.slice(0, -1);

  for (let variant = 0; variant < VARIANTS; variant++) {
    const { content } = answerTo(before, variant);
    if (content.startsWith(begun)) return content.slice(begun.length);
  }
  return missingFrom(begun, CANNOT_GO_ON);
}

function topicOf(question: string): { topic: Topic; found: string | null } {
  const heard = endsOf(question);

  for (const topic of TOPICS) {
    const found = topic.finds(heard);
    if (found !== null) return { topic, found };
  }
  return { topic: unknown, found: null };
}

// What somebody wants is at the beginning or at the end; what they pasted between has every word in it.
function endsOf(text: string): string {
  if (text.length <= 2 * HEARD_AT_EACH_END) return text;
  return `${text.slice(0, HEARD_AT_EACH_END)}\n${text.slice(-HEARD_AT_EACH_END)}`;
}

function missingFrom(begun: string, ending: string): string {
  let length = ending.length;
  while (!begun.endsWith(ending.slice(0, length))) length -= 1;
  return ending.slice(length);
}
