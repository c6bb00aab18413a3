import { setTimeout as pause } from "node:timers/promises";
import { type Page, Visitor } from "../../support/visitor.js";
import type { History, Operation, SeenAnswer } from "./history.js";
import type { Random } from "./random.js";
import { personOf, TAG, textNumber } from "./texts.js";
import type { Upstream } from "./upstream.js";

const PATIENCE_MS = 40_000;
const AWAY_MS = 200;
const MOST_RETRIES = 60;
const LONGEST_CONVERSATION = 14;
const PASSWORD = "a plain test passphrase";

const DEEDS = {
  send: 40,
  begin: 12,
  stop: 14,
  regenerate: 10,
  continue: 12,
  look: 16,
  trespass: 3,
  delete: 5,
  clear: 0.4,
} as const;

type Deed = keyof typeof DEEDS;

/** Somebody with an account and a few tabs, who knows which conversations were theirs at some time. */
export class Person {
  readonly name: string;
  readonly visitor: Visitor;
  readonly conversations: string[] = [];
  questions = 0;

  constructor(name: string, url: string) {
    this.name = name;
    this.visitor = new Visitor(url);
  }

  async register() {
    await this.visitor.register(this.name, PASSWORD);
  }
}

/** Everything that a tab shares with the others. */
export interface World {
  url: string;
  history: History;
  upstream: Upstream;
  people: Person[];
  isOver: boolean;
}

/** One tab of a person: reads, and presses what the page has buttons for, until the world is over. */
export class Tab {
  readonly #person: Person;
  readonly #world: World;
  readonly #random: Random;

  constructor(person: Person, world: World, random: Random) {
    this.#person = person;
    this.#world = world;
    this.#random = random;
  }

  async live() {
    while (!this.#world.isOver) {
      await this.#act(this.#random.weighted(DEEDS));
      await pause(this.#random.integer(0, 250));
    }
  }

  async #act(deed: Deed) {
    if (deed === "begin") return this.#send(null, null, null);
    if (deed === "clear") return this.#perform({ name: "clear" }, "/clear", {});
    if (deed === "trespass") return this.#trespass();

    const conversation = this.#someConversation(this.#person);
    if (!conversation) return this.#send(null, null, null);
    const page = await this.#look(conversation);
    if (page) await this.#press(deed, conversation, page);
  }

  async #press(deed: Deed, conversation: string, page: Page) {
    switch (deed) {
      case "send":
        if (page.$(".message--question").length > LONGEST_CONVERSATION) return;
        return this.#send(conversation, page.field("key") ?? null, page.field("parent") ?? null);
      case "stop":
        return this.#pressOne(page, "stop", /^\/generations\/(\d+)$/, { _method: "DELETE" });
      case "regenerate":
        return this.#pressOne(page, "regenerate", /^\/messages\/(\d+)\/generations$/, {});
      case "continue":
        return this.#pressOne(page, "continue", /^\/generations\/(\d+)\/continuation$/, {});
      case "delete":
        return this.#delete(conversation);
    }
  }

  async #pressOne(
    page: Page,
    name: "stop" | "regenerate" | "continue",
    address: RegExp,
    fields: Record<string, string>,
  ) {
    const actions = page
      .$("form")
      .toArray()
      .map((form) => page.$(form).attr("action") ?? "");
    const fitting = actions.filter((action) => address.test(action));
    if (fitting.length === 0) return;

    const action = this.#random.pick(fitting);
    const answer = Number(address.exec(action)?.[1]);
    await this.#perform({ name, answer }, action, fields);
  }

  async #delete(conversation: string) {
    const isDone = await this.#perform(
      { name: "delete", conversation },
      `/conversations/${conversation}`,
      { _method: "DELETE" },
    );
    if (!isDone) return;

    const page = await this.#fetch(`/conversations/${conversation}`);
    if (page && page.status === 200) this.#broken("P1", `deleted ${conversation} is back`);
  }

  // Sent twice at once now and then, and again after a lost reply, as people and browsers do.
  async #send(conversation: string | null, formKey: string | null, parent: string | null) {
    const person = this.#person;
    person.questions += 1;
    const tag = `${person.name}-${person.questions}`;
    const body = `[${tag}] ${this.#random.pick(SAYINGS)}`;
    const key = formKey ?? `key-of-${tag}`;
    const fields: Record<string, string> = { prompt: body, key };
    if (conversation) fields.conversation = conversation;
    if (parent) fields.parent = parent;
    const operation: Operation = {
      name: "send",
      tag,
      key,
      body,
      conversation,
      parent: parent ? Number(parent) : null,
    };

    const isDouble = this.#random.chance(0.1);
    const sendings = Array.from({ length: isDouble ? 2 : 1 }, () =>
      this.#attempt(operation, fields),
    );
    await Promise.all(sendings);
  }

  async #attempt(operation: Operation, fields: Record<string, string>) {
    for (let retry = 0; retry < MOST_RETRIES; retry += 1) {
      const isClear = await this.#perform(operation, "/chat", fields);
      if (isClear !== null || !this.#random.chance(0.95)) return;
    }
  }

  /** Does it and logs how that ended: true when acknowledged, false when refused, null when nobody knows. */
  async #perform(
    operation: Operation,
    path: string,
    fields: Record<string, string>,
  ): Promise<boolean | null> {
    const { history } = this.#world;
    const op = history.invoke(this.#person.name, operation);
    const page = await this.#fetch(path, fields, op);
    if (!page) return null;

    if (page.status === 303) {
      this.#acknowledged(op, String(page.location));
      return true;
    } else if (page.status < 500) {
      history.note({ type: "refused", op, status: page.status });
      return false;
    } else if (page.status === 503) {
      history.note({ type: "refused", op, status: 503 });
      return null;
    } else {
      history.note({ type: "unknown", op, reason: `status ${page.status}` });
      return null;
    }
  }

  #acknowledged(op: number, location: string) {
    const { history } = this.#world;
    const [, conversation] = /^\/conversations\/([^?#/]+)/.exec(location) ?? [];
    const [, answer] = /[?&]message=(\d+)/.exec(location) ?? [];
    history.note({
      type: "acknowledged",
      op,
      ...(conversation ? { conversation } : {}),
      ...(answer ? { answer: Number(answer) } : {}),
    });

    if (location.startsWith("/login")) this.#broken("P1", `${this.#person.name} was logged out`);
    if (conversation && !this.#person.conversations.includes(conversation)) {
      this.#person.conversations.push(conversation);
    }
  }

  async #look(conversation: string): Promise<Page | null> {
    const { history } = this.#world;
    const op = history.invoke(this.#person.name, { name: "read", conversation });
    const page = await this.#fetch(`/conversations/${conversation}`, null, op);
    if (!page) return null;

    if (page.status === 200) {
      history.note({ type: "acknowledged", op, conversation });
      history.note({ type: "seen", conversation, answers: this.#answersOn(page) });
      return page;
    } else {
      history.note({ type: "refused", op, status: page.status });
      if (page.status === 404) this.#forget(conversation);
      return null;
    }
  }

  #answersOn(page: Page): SeenAnswer[] {
    const { name } = this.#person;
    for (const [, tag = ""] of page.html.matchAll(TAG)) {
      if (personOf(tag) !== name) this.#broken("P7", `${name} was shown [${tag}]`);
    }
    return page
      .$(".message--answer")
      .toArray()
      .map((element) => {
        const source = page.$(element).find("template").text();
        const whose = this.#world.upstream.tagOf.get(textNumber(source) ?? 0);
        if (whose && personOf(whose) !== name) this.#broken("P7", `${name} read ${source}`);
        return {
          id: Number(/\d+$/.exec(page.$(element).attr("id") ?? "")?.[0]),
          running: page.$(element).attr("aria-busy") === "true",
          length: source.length,
        };
      });
  }

  async #trespass() {
    const other = this.#random.pick(this.#world.people);
    const conversation = this.#someConversation(other);
    if (other === this.#person || !conversation) return;

    const page = await this.#fetch(`/conversations/${conversation}`);
    if (page && page.status < 400) {
      this.#broken("P7", `${this.#person.name} could open ${conversation} of ${other.name}`);
    }
    const prompt = `[${this.#person.name}-0] let me in`;
    const sent = await this.#fetch("/chat", { prompt, conversation });
    if (sent && sent.status < 400) {
      this.#broken("P7", `${this.#person.name} could write in ${conversation} of ${other.name}`);
    }
  }

  async #fetch(
    path: string,
    fields: Record<string, string> | null = null,
    op: number | null = null,
  ): Promise<Page | null> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    const form = fields && {
      method: "POST",
      body: new URLSearchParams(fields),
      headers: { Origin: this.#world.url },
    };

    try {
      return await this.#person.visitor.request(path, { ...form, signal });
    } catch (error) {
      if (op) this.#noteFailure(op, signal.aborted ? "timeout" : String((error as Error).cause));
      await pause(AWAY_MS);
      return null;
    }
  }

  // Where nobody listens nothing has been done; every other failure may have happened on the way back.
  #noteFailure(op: number, reason: string) {
    const { history } = this.#world;
    if (reason.includes("ECONNREFUSED")) history.note({ type: "refused", op, status: 0 });
    else history.note({ type: "unknown", op, reason });
  }

  #someConversation(person: Person): string | null {
    const recent = person.conversations.slice(-5);
    return recent.length > 0 ? this.#random.pick(recent) : null;
  }

  #forget(conversation: string) {
    const { conversations } = this.#person;
    const index = conversations.indexOf(conversation);
    if (index >= 0) conversations.splice(index, 1);
  }

  #broken(promise: string, what: string) {
    this.#world.history.note({ type: "broken", promise, what });
  }
}

const SAYINGS = [
  "What is this?",
  "Grüße aus Köln, 漢字 and 🙂\nin two lines",
  "**Bold** `code` <b>no tag</b> & more",
  "x".repeat(3000),
  "  spaces around  ",
];
