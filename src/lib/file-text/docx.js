import { strFromU8, unzipSync } from "fflate";
import { refuse } from "./obstacles.js";

const DOCUMENT = "word/document.xml";
// Forty megabytes of markup are a book of thousands of pages; a bomb says more, or breaks off where it said less.
const MOST_BYTES = 40_000_000;
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The text of a Word document: paragraphs, headings and lists as in Markdown, the cells of tables side by side. */
export function readDocx(bytes) {
  const found = unzipSync(bytes, { filter: takesOnce() })[DOCUMENT];
  if (!found) return refuse("unknown");
  const xml = strFromU8(found).trimEnd();
  // Unpacked no further than it said of itself, one that lied has no end.
  if (!xml.endsWith("</w:document>")) return refuse("broken");
  return { text: textOf(xml) };
}

function takesOnce() {
  let isTaken = false;

  return ({ name, originalSize }) => {
    if (name !== DOCUMENT || isTaken) return false;
    if (originalSize > MOST_BYTES) refuse("too_much");
    isTaken = true;
    return true;
  };
}

function textOf(xml) {
  const writer = new Writer();
  for (const { tag, text } of pieces(xml)) {
    if (tag) writer.take(tag);
    else writer.say(text);
  }
  return writer.text;
}

// In one go from the first to the last: whatever is wrong with the markup, nothing is looked at twice.
function* pieces(xml) {
  let at = 0;

  while (at < xml.length) {
    const open = xml.indexOf("<", at);
    const close = xml.indexOf(">", open);
    if (open === -1 || close === -1) return;
    if (open > at) yield { text: xml.slice(at, open) };
    yield { tag: xml.slice(open + 1, close) };
    at = close + 1;
  }
}

class Writer {
  #lines = [];
  #line = "";
  #prefix = "";
  #cells = 0;
  #isText = false;
  // The same once more, for programs that cannot draw the first.
  #isFallback = false;

  get text() {
    return this.#lines.join("\n").replace(/\n{3,}/g, "\n\n");
  }

  say(text) {
    if (this.#isText && !this.#isFallback) this.#line += unescaped(text);
  }

  take(tag) {
    const [, end, name] = /^(\/?)([\w:]*)/.exec(tag);
    if (end) this.#close(name);
    else this.#open(name, tag);
  }

  #open(name, tag) {
    if (name === "mc:Fallback") this.#isFallback = true;
    else if (name === "w:t") this.#isText = !tag.endsWith("/");
    else if (name === "w:tab") this.#line += "\t";
    else if (name === "w:br" || name === "w:cr") this.#line += "\n";
    else if (name === "w:numPr") this.#prefix ||= "- ";
    else if (name === "w:pStyle") this.#prefix = headingOf(tag) ?? this.#prefix;
    else if (name === "w:tc") this.#beginCell();
  }

  #close(name) {
    if (name === "mc:Fallback") this.#isFallback = false;
    else if (name === "w:t") this.#isText = false;
    else if (name === "w:p") this.#endParagraph();
    else if (name === "w:tr") this.#endRow();
    else if (name === "w:tbl") this.#lines.push("");
  }

  #beginCell() {
    if (this.#cells > 0) this.#line = `${this.#line.trimEnd()} | `;
    this.#cells += 1;
  }

  // In a cell it is a part of a line; the items of a list stand without a line between them.
  #endParagraph() {
    if (this.#cells > 0) {
      this.#line += " ";
    } else {
      const line = this.#line.trimEnd();
      this.#lines.push(line && this.#prefix + line);
      if (this.#prefix !== "- ") this.#lines.push("");
      this.#line = "";
    }
    this.#prefix = "";
  }

  #endRow() {
    this.#lines.push(this.#line.trimEnd());
    this.#line = "";
    this.#cells = 0;
  }
}

function headingOf(tag) {
  const level = /w:val="(?:Heading|berschrift|Titre)(\d)"/i.exec(tag)?.[1];
  return level ? `${"#".repeat(Number(level))} ` : null;
}

function unescaped(text) {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : Number.parseInt(hex ?? "", 16);
    if (name) return ENTITIES[name] ?? whole;
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
