import { NotFound } from "../../errors.js";
import type { Ending } from "../../models/generations.js";
import type { Writer } from "../../models/parameters.js";
import type { Told } from "../prompt.js";

export interface Question {
  id: number;
  parentId: number | null;
  role: "question";
  text: string;
  key: string | null;
}

export interface Answer extends Writer {
  id: number;
  parentId: number;
  role: "answer";
  /** How it ended; null while it is being written. */
  ending: Ending | null;
}

type Message = Question | Answer;

// What a message takes though nothing is in it.
const EACH = 100;

/** The messages of one conversation. As those that are stored, they are a tree of which one path is read. */
export class Tree {
  readonly #messages = new Map<number, Message>();
  #end: number | null = null;

  /** What is added is read. */
  add<T extends Message>(message: T): T {
    this.#messages.set(message.id, message);
    this.#end = message.id;
    return message;
  }

  /** From now on the path through a message is read, to the newest below it. */
  read(id: number) {
    const below = new Set([this.#find(id).id]);
    if (this.path.some((message) => message.id === id)) return;

    for (const message of this.#messages.values()) {
      if (message.parentId !== null && below.has(message.parentId)) below.add(message.id);
    }
    this.#end = [...below].at(-1) ?? id;
  }

  /** What is read, from the first question on. */
  get path(): Message[] {
    return this.#through(this.#end);
  }

  /** What an answer's model is told. */
  told({ parentId }: Answer): Told[] {
    return this.#through(parentId).map((message) => ({
      role: message.role,
      body: bodyOf(message),
    }));
  }

  /** Everything that was given at the place of a message, in its order. */
  siblings({ parentId }: Message): number[] {
    const beside = [...this.#messages.values()].filter((one) => one.parentId === parentId);
    return beside.map(({ id }) => id);
  }

  question(id: number): Question {
    const message = this.#find(id);
    if (message.role !== "question") throw new NotFound();
    return message;
  }

  answer(id: number): Answer {
    const message = this.#find(id);
    if (message.role !== "answer") throw new NotFound();
    return message;
  }

  /** The answer that is read last: what a reply hangs below. */
  get lastAnswer(): Answer | null {
    return this.path.findLast((message) => message.role === "answer") ?? null;
  }

  /** Whether the same form with the same text was sent before. */
  holds({ text, key }: Pick<Question, "text" | "key">): boolean {
    return [...this.#messages.values()].some(
      (one) => one.role === "question" && key !== null && one.key === key && one.text === text,
    );
  }

  /** Of all that is held: bodies and thoughts, also of versions that nobody reads. */
  get characters(): number {
    return [...this.#messages.values()].reduce((sum, message) => sum + lengthOf(message), 0);
  }

  #find(id: number): Message {
    const message = this.#messages.get(id);

    if (message) {
      return message;
    } else {
      throw new NotFound();
    }
  }

  #through(end: number | null): Message[] {
    const path: Message[] = [];
    for (let id = end; id !== null; id = path.at(-1)?.parentId ?? null) path.push(this.#find(id));
    return path.reverse();
  }
}

// An answer that was stopped before its first word is kept, too.
function lengthOf(message: Message): number {
  const reasoning = message.role === "answer" ? (message.ending?.reasoning ?? "") : "";
  return bodyOf(message).length + reasoning.length + EACH;
}

function bodyOf(message: Message): string {
  return message.role === "question" ? message.text : (message.ending?.body ?? "");
}
