// Large JSON one element at a time: what lies between the brackets of a list is found by its bytes alone, and only an
// element is ever parsed. Whatever is a bracket in UTF-8 is one in the text.

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [LIST, LIST_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];
const SPACES = [0x20, 0x09, 0x0a, 0x0d];
const BYTE_ORDER_MARK = "\ufeff";

interface Limits {
  /** Of one element. */
  bytes: number;
  depth: number;
}

/** It is no JSON, or more of it than is taken at once. */
export class UnreadableJson extends Error {
  readonly reason: "broken" | "too_large" | "too_deep";

  constructor(reason: UnreadableJson["reason"]) {
    super(`JSON that cannot be read: ${reason}`);
    this.reason = reason;
  }
}

/** The elements of a list, or the one value that is no list. Throws UnreadableJson. */
export async function* jsonElements(
  chunks: AsyncIterable<Buffer>,
  limits: Limits,
): AsyncGenerator<unknown> {
  const splitter = new Splitter(limits);
  for await (const chunk of chunks) yield* splitter.feed(chunk);
  yield* splitter.end();
}

class Splitter {
  readonly #limits: Limits;
  #kept: Buffer[] = [];
  #bytes = 0;
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #isList: boolean | null = null;
  #isOver = false;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  *feed(chunk: Buffer): Generator<unknown> {
    let from = 0;

    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#isOver && !SPACES.includes(byte)) throw new UnreadableJson("broken");
      if (this.#isInString) {
        this.#passString(byte);
      } else if (this.#isBreak(byte)) {
        yield* this.#taken(chunk.subarray(from, at));
        from = at + 1;
      }
    }
    this.#keep(chunk.subarray(from));
  }

  *end(): Generator<unknown> {
    if (this.#isInString || this.#depth !== 0) throw new UnreadableJson("broken");
    if (!this.#isList) yield parsed(this.#text());
  }

  #passString(byte: number) {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
  }

  // Whether an element of the outermost list begins or ends here.
  #isBreak(byte: number): boolean {
    if (byte === QUOTE) {
      this.#isInString = true;
    } else if (byte === LIST || byte === OBJECT) {
      this.#isList ??= byte === LIST;
      this.#depth += 1;
      if (this.#depth > this.#limits.depth) throw new UnreadableJson("too_deep");
      return this.#isList && this.#depth === 1;
    } else if (byte === LIST_END || byte === OBJECT_END) {
      this.#depth -= 1;
      if (this.#depth < 0) throw new UnreadableJson("broken");
      this.#isOver = this.#depth === 0;
      return this.#isOver && this.#isList === true;
    }
    return byte === COMMA && this.#depth === 1 && this.#isList === true;
  }

  *#taken(last: Buffer): Generator<unknown> {
    this.#keep(last);
    const text = this.#text();
    if (text !== "") yield parsed(text);
  }

  #keep(piece: Buffer) {
    this.#bytes += piece.length;
    if (this.#bytes > this.#limits.bytes) throw new UnreadableJson("too_large");
    if (piece.length > 0) this.#kept.push(piece);
  }

  #text(): string {
    const text = Buffer.concat(this.#kept).toString("utf8").replace(BYTE_ORDER_MARK, "").trim();
    this.#kept = [];
    this.#bytes = 0;
    return text;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UnreadableJson("broken");
  }
}
