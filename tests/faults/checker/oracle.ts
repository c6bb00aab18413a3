import { RENDERER_VERSION, renderMarkdown } from "../../../src/rendering/markdown.js";
import type { Event, Operation } from "./history.js";
import type { MessageRow, Store } from "./store.js";
import { isBeginning, personOf, TAG, textNumber } from "./texts.js";

const MOST_LOST_CHARACTERS = 2_000;
const MOST_LOST_MS = 1_000;
const MOST_WAITED_MS = 15_000;
const LONGEST_WORDS = 300;
const FINAL_STATES = ["complete", "stopped", "interrupted", "failed"];

export interface Violation {
  promise: string;
  what: string;
}

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
    ...store.integrity.map((what) => ({ promise: "P8", what })),
  ];
}

/** An operation with how it ended. */
interface Deed {
  op: number;
  person: string;
  operation: Operation;
  invokedAt: number;
  endedAt: number | null;
  outcome: "acknowledged" | "refused" | "unknown";
  status: number;
  conversation: string | null;
  answer: number | null;
}

type Send = Deed & { operation: Extract<Operation, { name: "send" }> };

/** One request to the upstream: a text, or the rest of one. */
interface Telling {
  request: number;
  text: number;
  tag: string;
  from: number;
  askedAt: number;
  closedAt: number;
  sent: { at: number; thought: number; length: number }[];
}

/** The log, arranged by what it is about. */
class Trial {
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

function seenBroken(events: Event[]): Violation[] {
  return events
    .filter((event) => event.type === "broken")
    .map(({ promise, what }) => ({ promise, what }));
}

/** P1, P2: an acknowledged question is there as it was typed, once, where it was said to be. */
function acknowledgedIsThere(trial: Trial): Violation[] {
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
function deletedIsGone(trial: Trial): Violation[] {
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

/** P8: of what was refused nothing is there. */
function refusedIsNotThere(trial: Trial): Violation[] {
  const byTag = grouped(trial.sends(), ({ operation }) => operation.tag);
  return [...byTag].flatMap(([tag, sends]) => {
    const wasRefused = sends.every(({ outcome }) => outcome === "refused");
    if (!wasRefused || !trial.questions.has(tag)) return [];
    return broken("P8", `[${tag}] was refused (${sends.map((send) => send.status)}) and is there`);
  });
}

/** P3: what is kept is the beginning of what was sent, and lacks at most the last second or 2 kB. */
function textIsWhole(trial: Trial): Violation[] {
  const answers = trial.store.messages.filter(({ role }) => role === "answer");
  const byText = new Map(answers.map((row) => [numberOf(row), row]));
  const tellings = grouped(trial.tellings, ({ text }) => text);

  return [
    ...answers.flatMap((row) => notABeginning(row)),
    ...[...tellings].flatMap(([text, parts]) => lossesOf(trial, parts, byText.get(text))),
  ];
}

function notABeginning(row: MessageRow): Violation[] {
  const text = numberOf(row);
  if (row.body === "" && row.reasoning === "") return [];
  if (text === null) return broken("P3", `answer ${row.id} begins in the middle: ${row.body}`);
  if (!isBeginning(row.body, "t", text) || !isBeginning(row.reasoning, "r", text))
    return broken("P3", `answer ${row.id} has a gap or a double: ${row.reasoning} | ${row.body}`);
  if (
    row.state !== "running" &&
    row.rendererVersion === RENDERER_VERSION &&
    row.html !== renderMarkdown(row.body)
  )
    return broken("P3", `answer ${row.id} is shown otherwise than it was written`);
  return [];
}

// Each part must go on where the one before it ended, but for what may be lost; so must the row.
function lossesOf(trial: Trial, parts: Telling[], row: MessageRow | undefined): Violation[] {
  return parts.flatMap((part, index) => {
    const next = parts[index + 1];
    const kept = next ? next.from : sizeOf(row);
    const size = ({ thought, length }: Telling["sent"][number]) => length + (next ? 0 : thought);
    const certain = part.sent.findLast(({ at }) => at < trial.lastGoodSecond(part.closedAt));
    const last = part.sent.at(-1);
    if (!certain || !last || kept >= size(certain)) return [];

    const lost = size(last) - kept;
    if (lost <= MOST_LOST_CHARACTERS || (!row && mayBeGone(trial, part, last))) return [];
    const what = `text ${part.text} for [${part.tag}] lost ${lost} characters`;
    return broken("P3", `${what}: ${kept} are kept, ${size(certain)} were certain`);
  });
}

function sizeOf(row: MessageRow | undefined): number {
  return row ? row.body.length + row.reasoning.length : 0;
}

// With its question; and what was only thought about when the server ended is begun anew.
function mayBeGone(
  trial: Trial,
  { request, tag }: Telling,
  last: Telling["sent"][number],
): boolean {
  const isBegunAnew = trial.tellings.some(
    (other) => other.tag === tag && other.request > request && other.from === 0,
  );
  return !trial.questions.has(tag) || (last.length === 0 && isBegunAnew);
}

/** P1: what a page has shown of an ended answer does not shrink. */
function seenStays(trial: Trial): Violation[] {
  return trial.seen.flatMap(({ answers }) =>
    answers.flatMap(({ id, running, length }) => {
      const row = trial.messages.get(id);
      if (running || !row || row.body.length >= length) return [];
      return broken("P1", `answer ${id} had ${length} characters, and has ${row.body.length}`);
    }),
  );
}

/** P4: what was stopped, and said to be, does not grow any more. */
function stoppedStays(trial: Trial): Violation[] {
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
function stateIsOne(trial: Trial): Violation[] {
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

/** P5: one question per send, and one answer per question and per regeneration of it. */
function answeredOnce(trial: Trial): Violation[] {
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

/** P8: the messages of a conversation are one tree of questions and answers in turn. */
function isATree(trial: Trial): Violation[] {
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

/** P7: everything is in a conversation of who asked it, and answers the question that it stands below. */
function isTheirs(trial: Trial): Violation[] {
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

/** P6: every request ends. */
function nothingHung(trial: Trial): Violation[] {
  return trial.deeds.flatMap(({ op, operation, invokedAt, endedAt }) => {
    if (endedAt === null) return broken("P6", `${operation.name} (operation ${op}) never ended`);
    const waited = trial.undisturbedMs(invokedAt, endedAt);
    if (waited <= MOST_WAITED_MS) return [];
    return broken("P6", `${operation.name} (operation ${op}) took ${Math.round(waited)} ms`);
  });
}

function deedsOf(events: Event[]): Deed[] {
  const deeds = new Map<number, Deed>();
  for (const event of events) {
    if (event.type === "invoked") deeds.set(event.op, invoked(event));
    const deed = "op" in event ? deeds.get(event.op) : undefined;
    if (!deed || event.type === "invoked") continue;

    deed.endedAt = event.at;
    if (event.type === "acknowledged") {
      const { conversation = null, answer = null } = event;
      Object.assign(deed, { outcome: "acknowledged", conversation, answer });
    }
    if (event.type === "refused") Object.assign(deed, { outcome: "refused", status: event.status });
  }
  return [...deeds.values()];
}

function invoked({ op, person, operation, at }: Extract<Event, { type: "invoked" }>): Deed {
  return {
    op,
    person,
    operation,
    invokedAt: at,
    endedAt: null,
    outcome: "unknown",
    status: 0,
    conversation: null,
    answer: null,
  };
}

function tellingsOf(events: Event[]): Telling[] {
  const tellings = new Map<number, Telling>();
  for (const event of events) {
    if (event.type === "asked") {
      const { request, text, tag, from, at } = event;
      const telling = { request, text, tag, from, askedAt: at, sent: [] };
      tellings.set(request, { ...telling, closedAt: Number.POSITIVE_INFINITY });
    }
    if (event.type === "sent") tellings.get(event.request)?.sent.push(event);
    if (event.type === "killed") {
      for (const telling of tellings.values()) close(telling, event.at);
    }
    const telling = event.type === "closed" && tellings.get(event.request);
    if (telling) close(telling, event.at);
  }
  return [...tellings.values()];
}

function close(telling: Telling, at: number) {
  telling.closedAt = Math.min(telling.closedAt, at);
}

function questionsOf(store: Store): MessageRow[] {
  return store.messages.filter(({ role }) => role === "question");
}

function tagOf({ body }: MessageRow): string {
  const [, tag = ""] = [...body.matchAll(TAG)][0] ?? [];
  return tag;
}

function numberOf({ body, reasoning }: MessageRow): number | null {
  return textNumber(body) ?? textNumber(reasoning);
}

function conversationOf({ operation }: Deed): string | null {
  return "conversation" in operation ? operation.conversation : null;
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

function grouped<Item, Key>(items: Item[], keyOf: (item: Item) => Key): Map<Key, Item[]> {
  const groups = new Map<Key, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return groups;
}

function broken(promise: string, what: string): Violation[] {
  return [
    { promise, what: what.length > LONGEST_WORDS ? `${what.slice(0, LONGEST_WORDS)}…` : what },
  ];
}
