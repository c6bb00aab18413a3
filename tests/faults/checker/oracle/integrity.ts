import type { MessageRow } from "../store.js";
import { grouped, type Trial } from "./trial.js";
import { broken, type Violation } from "./violation.js";

/** P8: of what was refused nothing is there. */
export function refusedIsNotThere(trial: Trial): Violation[] {
  const byTag = grouped(trial.sends(), ({ operation }) => operation.tag);
  return [...byTag].flatMap(([tag, sends]) => {
    const wasRefused = sends.every(({ outcome }) => outcome === "refused");
    if (!wasRefused || !trial.questions.has(tag)) return [];
    return broken("P8", `[${tag}] was refused (${sends.map((send) => send.status)}) and is there`);
  });
}

/** P8: the messages of a conversation are one tree of questions and answers in turn. */
export function isATree(trial: Trial): Violation[] {
  const roots = grouped(
    trial.store.messages.filter(({ parentId }) => parentId === null),
    ({ conversationId }) => conversationId,
  );
  const forests = trial.store.conversations
    .filter(({ id }) => roots.get(id)?.length !== 1)
    .flatMap(({ id }) =>
      broken("P8", `conversation ${id} has ${roots.get(id)?.length ?? 0} beginnings`),
    );

  return [...forests, ...trial.store.messages.flatMap((row) => misplaced(trial, row))];
}

function misplaced(trial: Trial, row: MessageRow): Violation[] {
  const parent = trial.messages.get(row.parentId ?? 0);
  if (row.parentId === null)
    return row.role === "question" ? [] : broken("P8", `answer ${row.id} answers nothing`);
  if (!parent || parent.id > row.id)
    return broken("P8", `message ${row.id} hangs below ${row.parentId}`);
  if (parent.conversationId !== row.conversationId || parent.role === row.role)
    return broken(
      "P8",
      `${row.role} ${row.id} hangs below ${parent.role} ${parent.id} of ${parent.conversationId}`,
    );
  return [];
}

/** P8: SQLite finds its file whole, and no row that refers to one that is not there. */
export function fileIsSound({ store }: Trial): Violation[] {
  return store.integrity.map((what) => ({ promise: "P8", what }));
}
