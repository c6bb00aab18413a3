import { numberOf, type Trial } from "./trial.js";
import { broken, type Violation } from "./violation.js";

const FINAL_STATES = ["complete", "stopped", "interrupted", "failed"];

/** P4: what was stopped, and said to be, does not grow any more. */
export function stoppedStays(trial: Trial): Violation[] {
  return trial.named("stop").flatMap((stop) => {
    if (stop.outcome !== "acknowledged") return [];
    const answer = "answer" in stop.operation ? stop.operation.answer : 0;
    const row = trial.messages.get(answer);
    const wasContinued = trial
      .named("continue")
      .some(
        (deed) =>
          deed.outcome !== "refused" &&
          "answer" in deed.operation &&
          deed.operation.answer === answer &&
          (deed.endedAt ?? Number.POSITIVE_INFINITY) >= stop.invokedAt,
      );
    if (!row || wasContinued) return [];

    const sentBy = trial.tellings
      .filter(({ text }) => text === numberOf(row))
      .flatMap(({ sent }) => sent)
      .filter(({ at }) => at <= (stop.endedAt ?? 0))
      .reduce((most, { length }) => Math.max(most, length), 0);
    if (row.body.length <= sentBy) return [];
    return broken("P4", `answer ${answer} was stopped at ${sentBy} and grew to ${row.body.length}`);
  });
}

/** P4: every answer is in exactly one final state. */
export function stateIsOne(trial: Trial): Violation[] {
  return trial.store.messages.flatMap((row) => {
    if (row.role !== "answer")
      return row.state === null ? [] : broken("P4", `question ${row.id} has a state`);
    if (!FINAL_STATES.includes(row.state ?? ""))
      return broken("P4", `answer ${row.id} is ${row.state}`);
    if (row.runningIn !== null)
      return broken("P4", `answer ${row.id} is ${row.state} and blocks its conversation`);
    return [];
  });
}
