import type { MessageRow } from "../store.js";
import type { Deed } from "./deeds.js";
import { grouped, type Trial } from "./trial.js";
import { broken, type Violation } from "./violation.js";

/** P5: one question per send, and one answer per question and per regeneration of it. */
export function answeredOnce(trial: Trial): Violation[] {
  const regenerations = grouped(
    trial.named("regenerate").filter(({ outcome }) => outcome !== "refused"),
    (deed) =>
      trial.messages.get("answer" in deed.operation ? deed.operation.answer : 0)?.parentId ?? 0,
  );

  return [...trial.questions].flatMap(([tag, rows]) => {
    const [row] = rows;
    if (!row) return [];
    if (rows.length > 1) return broken("P5", `[${tag}] is there ${rows.length} times`);
    return miscounted(trial, tag, row, regenerations.get(row.id) ?? []);
  });
}

function miscounted(
  trial: Trial,
  tag: string,
  question: MessageRow,
  regenerations: Deed[],
): Violation[] {
  const answers = trial.answersTo(question.id).map(({ id }) => id);
  const promised = regenerations.map(({ answer }) => answer).filter((answer) => answer !== null);
  const missing = promised.filter((answer) => !answers.includes(answer));

  if (missing.length > 0)
    return broken("P5", `[${tag}]: answers ${missing} were begun and are gone`);
  if (answers.length === 0) return broken("P5", `[${tag}] has no answer`);
  if (answers.length > 1 + regenerations.length)
    return broken(
      "P5",
      `[${tag}] has ${answers.length} answers, asked for 1 and ${regenerations.length} again`,
    );
  return [];
}
