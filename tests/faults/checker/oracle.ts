import type { Event } from "./history.js";
import { textIsWhole } from "./oracle/bounded-loss.js";
import { acknowledgedIsThere, deletedIsGone, seenStays } from "./oracle/durability.js";
import { answeredOnce } from "./oracle/exactly-once.js";
import { stateIsOne, stoppedStays } from "./oracle/final-state.js";
import { fileIsSound, isATree, refusedIsNotThere } from "./oracle/integrity.js";
import { isTheirs } from "./oracle/isolation.js";
import { nothingHung } from "./oracle/liveness.js";
import { Trial } from "./oracle/trial.js";
import type { Violation } from "./oracle/violation.js";
import type { Store } from "./store.js";

/** What a log and a database are told to be: everything the promises are proved from. */
export interface Evidence {
  events: Event[];
  store: Store;
}

/** Every promise that the evidence shows to be broken. */
export function violations({ events, store }: Evidence): Violation[] {
  const trial = new Trial(events, store);
  return [
    ...seenBroken(events),
    ...acknowledgedIsThere(trial),
    ...deletedIsGone(trial),
    ...refusedIsNotThere(trial),
    ...textIsWhole(trial),
    ...seenStays(trial),
    ...stoppedStays(trial),
    ...stateIsOne(trial),
    ...answeredOnce(trial),
    ...isATree(trial),
    ...isTheirs(trial),
    ...nothingHung(trial),
    ...fileIsSound(trial),
  ];
}

function seenBroken(events: Event[]): Violation[] {
  return events
    .filter((event) => event.type === "broken")
    .map(({ promise, what }) => ({ promise, what }));
}
