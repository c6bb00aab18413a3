import type { Row } from "./support/table.js";

export interface Options {
  /** Everything, at its largest; else a few minutes in all. */
  full: boolean;
  /** How long the soak lasts. */
  minutes: number;
}

/** A part of the bench that can be asked for by its name. */
export interface Measure {
  name: string;
  about: string;
  /** Only run when asked for by name. */
  onlyByName?: boolean;
  run(options: Options): Promise<Row[]>;
}
