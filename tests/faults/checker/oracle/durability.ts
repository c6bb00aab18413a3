import type { Deed } from "./deeds.js";
import type { Trial } from "./trial.js";
import { broken, type Violation } from "./violation.js";

/** P1, P2: an acknowledged question is there as it was typed, once, where it was said to be. */
export function acknowledgedIsThere(trial: Trial): Violation[] {
  return trial.sends().flatMap((send) => {
    const { operation, person, conversation, outcome } = send;
    if (outcome !== "acknowledged") return [];

    const rows = trial.questions.get(operation.tag) ?? [];
    const [row] = rows;
    if (!row && trial.mayBeDeleted(person, conversation, send.invokedAt)) return [];
    if (!row) return broken("P1", `[${operation.tag}] was acknowledged and is not there`);
    if (row.body !== operation.body)
      return broken("P1", `[${operation.tag}] is not as it was typed`);
    if (row.conversationId !== conversation)
      return broken("P1", `[${operation.tag}] is in ${row.conversationId}, not in ${conversation}`);
    if (operation.parent !== null && row.parentId !== operation.parent)
      return broken(
        "P1",
        `[${operation.tag}] hangs below ${row.parentId}, not ${operation.parent}`,
      );
    return [];
  });
}

/** P1: what was deleted, and said to be, is not back. */
export function deletedIsGone(trial: Trial): Violation[] {
  const kept = new Set(trial.store.conversations.map(({ id }) => id));
  const done = (deed: Deed) => deed.outcome === "acknowledged";
  const deleted = trial
    .named("delete")
    .filter(done)
    .map((deed) => conversationOf(deed));
  const cleared = trial
    .named("clear")
    .filter(done)
    .flatMap((clear) =>
      trial
        .sends()
        .filter((send) => send.person === clear.person && done(send))
        .filter((send) => (send.endedAt ?? Number.POSITIVE_INFINITY) < clear.invokedAt)
        .map((send) => send.conversation),
    );

  return [...new Set([...deleted, ...cleared])]
    .filter((id) => id !== null && kept.has(id))
    .map((id) => ({ promise: "P1", what: `conversation ${id} was deleted and is there` }));
}

function conversationOf({ operation }: Deed): string | null {
  return "conversation" in operation ? operation.conversation : null;
}

/** P1: what a page has shown of an ended answer does not shrink. */
export function seenStays(trial: Trial): Violation[] {
  return trial.seen.flatMap(({ answers }) =>
    answers.flatMap(({ id, running, length }) => {
      const row = trial.messages.get(id);
      if (running || !row || row.body.length >= length) return [];
      return broken("P1", `answer ${id} had ${length} characters, and has ${row.body.length}`);
    }),
  );
}
