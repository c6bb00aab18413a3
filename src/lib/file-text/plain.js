import chardet from "chardet";
import { refuse } from "./obstacles.js";

const MARKS = [
  ["efbbbf", "utf-8"],
  ["fffe", "utf-16le"],
  ["feff", "utf-16be"],
];
const LOOKED_AT = 65_536;
// Bell, backspace, tab, line feed, form feed, carriage return, escape: all that a text has of them.
const CONTROLS_OF_TEXT = [7, 8, 9, 10, 12, 13, 27];
const MOST_CONTROLS = 0.01;
// What Windows in the west has from 80 to 9F, where ISO 8859 has controls; Node 20 knows them not as windows-1252.
const WESTERN = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/** Text in whatever encoding it is: said by its first bytes, else UTF-8 if it can be, else guessed. */
export function readPlain(bytes) {
  return { text: decoded(bytes) };
}

function decoded(bytes) {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LOOKED_AT));
  const start = head.toString("hex", 0, 3);
  const wide = MARKS.find(([mark]) => start.startsWith(mark))?.[1] ?? wideEncoding(head);

  if (wide) return new TextDecoder(wide).decode(bytes);
  if (isBinary(head)) return refuse("unknown");
  return asUtf8(bytes) ?? guessed(bytes, chardet.detect(head)) ?? western(bytes);
}

// UTF-16 without a mark: of most characters in most texts one half is a zero, and always the same one.
function wideEncoding(head) {
  const zeros = [0, 0];
  for (const [index, byte] of head.entries()) {
    if (byte === 0) zeros[index % 2] += 1;
  }
  const [even, odd] = zeros.map((count) => count / (head.length / 2));

  if (odd > 0.4 && even < 0.05) return "utf-16le";
  return even > 0.4 && odd < 0.05 ? "utf-16be" : null;
}

function isBinary(head) {
  const controls = head.filter((byte) => byte < 32 && !CONTROLS_OF_TEXT.includes(byte));
  return head.includes(0) || controls.length > head.length * MOST_CONTROLS;
}

function asUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

// A guess is wrong where it makes controls of bytes.
function guessed(bytes, encoding) {
  try {
    const text = new TextDecoder(encoding).decode(bytes);
    return /[\x80-\x9f]/.test(text) ? null : text;
  } catch {
    return null;
  }
}

function western(bytes) {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
  return text.replace(/[\x80-\x9f]/g, (byte) => WESTERN[byte.charCodeAt(0) - 0x80]);
}
