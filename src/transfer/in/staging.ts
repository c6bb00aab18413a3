// What is made of a file that came, to be taken in later: of each conversation the bytes of its files, then its lines.
import { type FileHandle, open } from "node:fs/promises";

export interface Place {
  offset: number;
  length: number;
}

export class Staging {
  readonly #file: FileHandle;
  #end = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  static async open(path: string): Promise<Staging> {
    return new Staging(await open(path, "w", 0o600));
  }

  /** Puts all of it behind what is there. */
  async append(content: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<Place> {
    const offset = this.#end;
    for await (const piece of content) {
      await this.#file.write(piece, 0, piece.length, this.#end);
      this.#end += piece.length;
    }
    return { offset, length: this.#end - offset };
  }

  /** Lets what stands behind here be written over. */
  goBackTo(offset: number) {
    this.#end = offset;
  }

  get end(): number {
    return this.#end;
  }

  async close() {
    await this.#file.close();
  }
}
