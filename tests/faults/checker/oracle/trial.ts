import type { Event, Operation } from "../history.js";
import type { MessageRow, Store } from "../store.js";
import { TAG, textNumber } from "../texts.js";
import { type Deed, deedsOf, type Send } from "./deeds.js";
import { type Telling, tellingsOf } from "./tellings.js";

const MOST_LOST_MS = 1_000;

/** The log, arranged by what it is about. */
export class Trial {
  readonly deeds: Deed[];
  readonly tellings: Telling[];
  readonly seen: (Extract<Event, { type: "seen" }> & { at: number })[];
  readonly store: Store;
  readonly questions: Map<string, MessageRow[]>;
  readonly messages: Map<number, MessageRow>;
  readonly #disturbances: { at: number; until: number }[];

  constructor(events: Event[], store: Store) {
    this.store = store;
    this.deeds = deedsOf(events);
    this.tellings = tellingsOf(events);
    this.seen = events.filter((event) => event.type === "seen");
    this.messages = new Map(store.messages.map((row) => [row.id, row]));
    this.questions = grouped(questionsOf(store), tagOf);
    this.#disturbances = merged(events.filter((event) => event.type === "disturbed"));
  }

  sends(): Send[] {
    return this.deeds.filter((deed): deed is Send => deed.operation.name === "send");
  }

  named(...names: Operation["name"][]): Deed[] {
    return this.deeds.filter(({ operation }) => names.includes(operation.name));
  }

  answersTo(question: number): MessageRow[] {
    return this.store.messages.filter(
      ({ parentId, role }) => parentId === question && role === "answer",
    );
  }

  /** Whether somebody asked for this conversation to go, at a time at which it may have been there. */
  mayBeDeleted(person: string, conversation: string | null, bornAt: number): boolean {
    return this.named("delete", "clear").some((deed) => {
      if (deed.person !== person || deed.outcome === "refused") return false;
      if (deed.operation.name === "delete") return deed.operation.conversation === conversation;
      return deed.outcome === "unknown" || (deed.endedAt ?? 0) >= bornAt;
    });
  }

  /** How much of the time between these two was undisturbed. */
  undisturbedMs(from: number, until: number): number {
    const lost = this.#disturbances.reduce(
      (sum, { at, until: end }) => sum + Math.max(0, Math.min(end, until) - Math.max(at, from)),
      0,
    );
    return until - from - lost;
  }

  /** The beginning of the last second before `end` in which the server could do as it promised. */
  lastGoodSecond(end: number): number {
    let until = end;
    for (const { at, until: over } of this.#disturbances.toReversed()) {
      if (at >= until) continue;
      if (until - over >= MOST_LOST_MS) break;
      until = Math.min(until, at);
    }
    return until - MOST_LOST_MS;
  }
}

function questionsOf(store: Store): MessageRow[] {
  return store.messages.filter(({ role }) => role === "question");
}

export function tagOf({ body }: MessageRow): string {
  const [, tag = ""] = [...body.matchAll(TAG)][0] ?? [];
  return tag;
}

export function numberOf({ body, reasoning }: MessageRow): number | null {
  return textNumber(body) ?? textNumber(reasoning);
}

export function grouped<Item, Key>(items: Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function merged(spans: { at: number; until: number }[]): { at: number; until: number }[] {
  const result: { at: number; until: number }[] = [];
  for (const { at, until } of spans.sort((one, other) => one.at - other.at)) {
    const last = result.at(-1);
    if (last && at <= last.until) last.until = Math.max(last.until, until);
    else result.push({ at, until });
  }
  return result;
}
