import { config } from "../../config.js";
import { type FileRow, fileView } from "../../helpers/file-view.js";
import { spokenBytes } from "../../lib/spoken.js";
import { t } from "../../lib/texts.js";

/** What chooses files for a question, with those that are chosen already; null where nobody attaches any. */
export function pickerFor(chosen: FileRow[]) {
  const { maxBytes, quotaBytes } = config.files;
  const limitWords = t("A file has at most {size}.", { size: spokenBytes(maxBytes) });
  return quotaBytes === 0 ? null : { maxBytes, limitWords, files: chosen.map(fileView) };
}
