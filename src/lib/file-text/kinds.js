import { refuse } from "./obstacles.js";

const LOOKED_AT = 1024;
// "%PDF-" may come a little later (ISO 32000, implementation notes), and "PK" begins every ZIP archive, which DOCX is.
const PDF = "%PDF-";
const ZIP = /^504b0304/;
// As hexadecimal digits.
const PICTURES = {
  png: /^89504e470d0a1a0a/,
  jpeg: /^ffd8ff/,
  gif: /^47494638(?:37|39)61/,
  webp: /^52494646.{8}57454250/,
};
// Old Office, an empty ZIP, gzip, 7z, RAR, programs of Linux and Windows: what they hold between their bytes is no text.
const OTHER = /^(?:d0cf11e0|504b0506|1f8b|377abcaf|526172211a|7f454c46|4d5a....00)/;

/** What a file is by its first bytes; its name may say anything. */
export function kindOf(bytes) {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT));
  const digits = head.toString("hex");

  const picture = Object.keys(PICTURES).find((name) => PICTURES[name].test(digits));
  if (picture) return picture;
  if (OTHER.test(digits)) return refuse("unknown");
  if (ZIP.test(digits)) return "docx";
  return head.includes(PDF) ? "pdf" : "text";
}
