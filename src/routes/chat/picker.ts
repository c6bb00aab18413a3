import { config } from "../../config.js";
import { type FileRow, fileView } from "../../helpers/file-view.js";
import { spokenBytes } from "../../lib/spoken.js";

/** What chooses files for a question, with those that are chosen already; null where nobody attaches any. */
export function pickerFor(chosen: FileRow[]) {
  const { maxBytes, quotaBytes } = config.files;
  const limitWords = `A file has at most ${spokenBytes(maxBytes)}.`;
  return quotaBytes === 0 ? null : { maxBytes, limitWords, files: chosen.map(fileView) };
}
