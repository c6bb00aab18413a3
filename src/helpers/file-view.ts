import { counted, spokenBytes } from "../lib/text.js";
import { count } from "./numbers.js";

/** A row of a file, as far as it is shown. */
export interface FileRow {
  id: string;
  name: string;
  bytes: number;
  pages: number | null;
  words: number;
}

export interface FileView {
  id: string;
  name: string;
  size: string;
  /** How large it is, and what was read of it. */
  about: string;
  icon: string;
}

export function fileView({ id, name, bytes, pages, words }: FileRow): FileView {
  const pagesOf = pages === null ? [] : [counted(pages, "page")];
  const read = words === 0 ? "no text could be read" : wordsOf(words);
  const size = spokenBytes(bytes);
  return { id, name, size, about: `${size} · ${[...pagesOf, read].join(", ")}`, icon: "file-text" };
}

function wordsOf(words: number): string {
  return words === 1 ? "1 word" : `${count(words)} words`;
}
