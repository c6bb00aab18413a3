/** What a text has grown by since somebody asked, and after how many bytes of UTF-8 that comes. */
export interface Piece {
  from: number;
  text: string;
}

/** A text that grows by pieces: joined only when somebody asks for it, since joining copies all of it. */
export class GrowingText {
  readonly #pieces: string[] = [];
  #length = 0;
  #taken = 0;
  #takenBytes = 0;

  /** The text to begin with counts as taken. */
  constructor(text: string) {
    this.append(text);
    this.take();
  }

  get length(): number {
    return this.#length;
  }

  append(text: string) {
    if (text === "") return;

    this.#pieces.push(text);
    this.#length += text.length;
  }

  toString(): string {
    return this.#pieces.join("");
  }

  /** What was appended since this was asked last. */
  take(): Piece {
    const piece = { from: this.#takenBytes, text: this.#pieces.slice(this.#taken).join("") };
    this.#taken = this.#pieces.length;
    this.#takenBytes += Buffer.byteLength(piece.text);
    return piece;
  }

  /** The next `take` begins from the start. */
  putBack() {
    this.#taken = 0;
    this.#takenBytes = 0;
  }
}
