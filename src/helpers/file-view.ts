import { isPicture } from "../lib/file-text.js";
import { spokenBytes } from "../lib/spoken.js";
import { plural, t } from "../lib/texts.js";
import { count } from "./numbers.js";

/** A row of a file, as far as it is shown. */
export interface FileRow {
  id: string;
  name: string;
  bytes: number;
  kind: string;
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
  isPicture: boolean;
}

export function fileView(file: FileRow): FileView {
  const { id, name, bytes, kind } = file;
  const size = spokenBytes(bytes);

  return isPicture(kind)
    ? { id, name, size, about: size, icon: "image", isPicture: true }
    : { id, name, size, about: `${size} · ${readOf(file)}`, icon: "file-text", isPicture: false };
}

function readOf({ pages, words }: FileRow): string {
  const pagesOf = pages === null ? [] : [plural(pages, "{count} page", "{count} pages")];
  return [...pagesOf, words === 0 ? t("no text could be read") : wordsOf(words)].join(", ");
}

function wordsOf(words: number): string {
  return plural(words, "{count} word", "{count} words", { count: count(words) });
}
