import { plain, type Topic, words } from "./topic.js";

const ASKED_FOR = /^Name the conversation below\b/;
const QUESTION = /\bQuestion:\n([\s\S]*?)\n\nAnswer:\n/;
const OPENING =
  /^(?:please|hello|hi|hey|(?:can|could|would|will) you|(?:show|tell|give|help|teach|write) (?:me|us)|i (?:want|need|would like)(?: to)?|what (?:is|are)|how (?:do|can|does|would) (?:i|you|we|it)|write|explain|make|some|a|an|the|to|of|about|me)\b\s*/i;
const LOOSE_END = /\s+(?:a|an|and|as|at|for|from|in|is|of|on|or|that|the|to|with)$/i;
const MOST_WORDS = 6;

/** AIFacade asks for a title of a conversation in these words, and the demo knows no other way to find one. */
export const title: Topic = {
  name: "a title",
  finds: words(ASKED_FOR),
  say: ({ question }) => titleOf(QUESTION.exec(question)?.[1] ?? ""),
};

function titleOf(question: string): string {
  const parts = plain(question, 200)
    .split(/[,.;:!?…()]+/)
    .map((part) => withoutOpening(part.trim()));
  const told = parts.find((part) => part.length > 2) ?? plain(question, 40);
  const words = (told || "A conversation").split(" ");
  let few = words.slice(0, MOST_WORDS).join(" ");
  while (LOOSE_END.test(few)) few = few.replace(LOOSE_END, "");
  return `${few.slice(0, 1).toUpperCase()}${few.slice(1)}`;
}

function withoutOpening(part: string): string {
  const shorter = part.replace(OPENING, "");
  return shorter === part ? part : withoutOpening(shorter);
}
