import { personOf } from "../texts.js";
import { numberOf, type Trial, tagOf } from "./trial.js";
import { broken, type Violation } from "./violation.js";

/** P7: everything is in a conversation of who asked it, and answers the question that it stands below. */
export function isTheirs(trial: Trial): Violation[] {
  const names = new Map(trial.store.people.map(({ id, username }) => [id, username]));
  const owners = new Map(
    trial.store.conversations.map(({ id, userId }) => [id, names.get(userId)]),
  );
  const tags = new Map(trial.tellings.map(({ text, tag }) => [text, tag]));

  return trial.store.messages.flatMap((row) => {
    const parent = trial.messages.get(row.parentId ?? 0);
    const tag = row.role === "question" ? tagOf(row) : (tags.get(numberOf(row) ?? 0) ?? null);
    if (tag === null) return [];
    if (personOf(tag) !== owners.get(row.conversationId))
      return broken("P7", `[${tag}] is in a conversation of ${owners.get(row.conversationId)}`);
    if (row.role === "answer" && parent && tagOf(parent) !== tag)
      return broken("P7", `the answer to [${tag}] stands below [${tagOf(parent)}]`);
    return [];
  });
}
