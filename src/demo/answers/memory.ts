import { counted } from "../../lib/text.js";
import type { Message } from "../request.js";
import { type Asked, lines, paragraphs, pick, quoted, type Topic, words } from "./topic.js";

const MOST_LISTED = 8;
const NAME =
  /\b(?:[Mm]y name(?: is|'s|’s)|(?:[Pp]lease )?[Cc]all me)\s+(?!not\b|a\b|an\b|the\b|when\b|later\b)(\p{L}[\p{L}\p{M}'’-]{0,30}(?:\s+\p{Lu}[\p{L}\p{M}'’-]{0,30}){0,3})/u;

const HOW =
  "I have no memory of my own: AIFacade sends the conversation along with each question, and I read it from the beginning.";

const nameAsked: Topic = {
  name: "what your name is",
  finds: words(
    /\bwhat(?:'s|’s| is| was)? my name\b|\b(know|remember|recall|say|tell me) (what )?my name\b|\bwhat my name is\b|\bwho am i\b/i,
  ),
  say: ({ messages, variant }: Asked) => {
    const found = nameIn(messages);
    return found ? nameKnown(found, { messages, variant }) : nameUnknown(messages);
  },
};

const firstQuestion: Topic = {
  name: "what was asked first",
  finds: words(
    /\bwhat (did|was|have|had)\b.{0,30}\b(i|my|we)\b.{0,40}\bfirst\b|\bmy (very )?first (question|message)\b|\bfirst (thing|question|message)\b.{0,15}\b(i|we)\b/i,
  ),
  say: ({ messages, variant }: Asked) => {
    const [first, ...others] = questionsIn(messages);
    if (!first || others.length === 0) return nothingBefore(messages);

    return paragraphs(
      pick(variant, [
        `The first question that I was sent is ${quoted(first)}.`,
        `It began with ${quoted(first)}.`,
      ]),
      `${sentence(messages)} ${HOW} If a conversation grows too long for a model, its oldest part is left out, and the beginning would no longer be among them.`,
    );
  },
};

const lastQuestion: Topic = {
  name: "what was asked before",
  finds: words(
    /\bwhat (did|was|have|had)\b.{0,30}\b(i|my)\b.{0,40}\b(before|last|previous(ly)?|earlier|just)\b|\bwhat did (i|we) (just )?(ask|say|write)\b|\bmy (previous|last|earlier) (question|message)\b|\b(previous|last) (thing|question|message)\b.{0,15}\b(i|we)\b/i,
  ),
  say: ({ messages, variant }: Asked) => {
    const before = questionsIn(messages).at(-2);
    if (!before) return nothingBefore(messages);

    return paragraphs(
      pick(variant, [
        `Just before this one you wrote ${quoted(before)}.`,
        `Your question before this one was ${quoted(before)}.`,
      ]),
      `${sentence(messages)} ${HOW}`,
    );
  },
};

const soFar: Topic = {
  name: "what was said so far",
  finds: words(
    /\bwhat (have|did) we\b.{0,15}\b(talk\w*|discuss\w*|said|say|done|do)\b|\bsumm(ary|ari[sz]e)\b.{0,30}\b(conversation|chat|so far)\b|\b(do|can) you remember\b|\bdo you have (a )?memory\b|\bhow many (messages|questions)\b/i,
  ),
  say: ({ messages, variant }: Asked) => {
    const earlier = questionsIn(messages).slice(0, -1);
    if (earlier.length === 0) return nothingBefore(messages);

    return paragraphs(
      `${pick(variant, ["So far", "Until now"])} you wrote${earlier.length > MOST_LISTED ? ", lately" : ""}:`,
      lines(...earlier.slice(-MOST_LISTED).map((question) => `- ${quoted(question, 80)}`)),
      `${sentence(messages)} ${HOW}`,
    );
  },
};

/** What can be answered from the messages that were sent. */
export const memoryTopics: readonly Topic[] = [nameAsked, firstQuestion, lastQuestion, soFar];

export const nameTold: Topic = {
  name: "your name",
  finds: words(NAME),
  say: ({ question, messages, variant }: Asked) => {
    const name = nameIn([{ role: "user", content: question }])?.name ?? nameIn(messages)?.name;

    return paragraphs(
      pick(variant, [
        `Hello, ${name}, and welcome.`,
        `Nice to meet you, ${name}.`,
        `Good to know, ${name}.`,
      ]),
      "I can only recite, but this I can find again: ask me something else now, and then **What is my name?**",
    );
  },
};

function nameKnown(
  { name, place }: { name: string; place: number },
  { messages, variant }: Pick<Asked, "messages" | "variant">,
): string {
  return paragraphs(
    pick(variant, [
      `Your name is **${name}**. It is in message ${place} of the ${messages.length} that I was sent.`,
      `**${name}**: that is what you wrote in message ${place} of ${messages.length}.`,
    ]),
    HOW,
  );
}

function nameUnknown(messages: readonly Message[]): string {
  return paragraphs(
    `You have not told me. ${sentence(messages)} There is no name in what you wrote.`,
    "Tell me (**My name is Ada**), and ask again a little later.",
  );
}

function nothingBefore(messages: readonly Message[]): string {
  return paragraphs(
    `Nothing yet: this is your first question here, as far as I can see. ${sentence(messages)}`,
    "Ask me a few more things, and then this again.",
  );
}

function sentence(messages: readonly Message[]): string {
  const theirs = questionsIn(messages).length;
  const ours = messages.filter(({ role }) => role === "assistant").length;

  if (ours === 0) return `I was sent ${counted(messages.length, "message")}.`;
  return `I was sent ${counted(messages.length, "message")}, ${theirs} of yours and ${ours} of mine.`;
}

// Who tells another name later means that one.
function nameIn(messages: readonly Message[]): { name: string; place: number } | null {
  const place = messages.findLastIndex(
    ({ role, content }) => role === "user" && NAME.test(content),
  );
  const name = NAME.exec(messages[place]?.content ?? "")?.[1];
  return name ? { name: name.replace(/\s+/g, " "), place: place + 1 } : null;
}

function questionsIn(messages: readonly Message[]): string[] {
  return messages.filter(({ role }) => role === "user").map(({ content }) => content);
}
