export interface Split {
  type: "reasoning" | "content";
  text: string;
}

const OPENING = "<think>";
const CLOSING = "</think>";
// An answer that begins with more of them has no template that puts a tag there.
const MOST_BLANKS = 4096;

/**
 * Splits `<think>…</think>` off the start of the content, as servers send it that leave a model's
 * template alone. Later in the answer the tag is text: someone may be writing about it.
 */
export class ThinkTags {
  #state: "start" | "inside" | "after" | "content" = "start";
  #held = "";

  /** What of the content so far can be told apart; the rest is held until more comes. */
  feed(text: string): Split[] {
    this.#held += text;
    this.#open();
    const reasoning = this.#inside();
    this.#skipBlanks();

    return [...reasoning, ...(this.#state === "content" ? this.#flush("content") : [])];
  }

  end(): Split[] {
    return this.#flush(this.#state === "inside" ? "reasoning" : "content");
  }

  #open(): void {
    if (this.#state !== "start") return;

    const text = this.#held.trimStart();
    if (this.#held.length - text.length > MOST_BLANKS) {
      this.#state = "content";
    } else if (text.startsWith(OPENING)) {
      this.#state = "inside";
      this.#held = text.slice(OPENING.length);
    } else if (!OPENING.startsWith(text)) {
      this.#state = "content";
    }
  }

  #inside(): Split[] {
    if (this.#state !== "inside") return [];

    const end = this.#held.indexOf(CLOSING);
    const length = end === -1 ? this.#held.length - overlap(this.#held, CLOSING) : end;
    const reasoning = this.#held.slice(0, length);
    this.#held = this.#held.slice(end === -1 ? length : end + CLOSING.length);
    if (end !== -1) this.#state = "after";
    return split("reasoning", reasoning);
  }

  #skipBlanks(): void {
    if (this.#state !== "after") return;

    this.#held = this.#held.trimStart();
    if (this.#held !== "") this.#state = "content";
  }

  #flush(type: Split["type"]): Split[] {
    const text = this.#held;
    this.#held = "";
    return split(type, text);
  }
}

function split(type: Split["type"], text: string): Split[] {
  return text === "" ? [] : [{ type, text }];
}

/** How many characters at the end of the text may be the beginning of the tag. */
function overlap(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
}
