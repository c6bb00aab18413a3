/** How many files go with a question. */
export const MOST_FILES = 10;

/** What stands in the place of a file that did not come. */
export function fileMark(name: string): string {
  return name ? `*[File: ${name}]*` : "*[File]*";
}

/** Of the files of what has become one question those that go with it, each once, and the rest, which is named in it. */
export function fewEnough<File>(files: readonly File[]): { kept: File[]; rest: File[] } {
  const all = [...new Set(files)];
  return { kept: all.slice(0, MOST_FILES), rest: all.slice(MOST_FILES) };
}
