import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateRawSync } from "node:zlib";
import { readFileText, type Unreadable } from "../../../src/lib/file-text.js";
import { bomb, docx, packedTwice, pdf, pdfOf, zip } from "../../support/files.js";

const MOST_MS = 60_000;
const read = (content: Buffer) => readFileText(new Uint8Array(content));
const paragraph = (text: string, properties = "") =>
  `<w:p><w:pPr>${properties}</w:pPr><w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`;
const row = (...cells: string[]) =>
  `<w:tr>${cells.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join("")}</w:tr>`;

test("the text layer of a PDF is read, page by page", async () => {
  const { kind, text, pages, words } = await read(pdf(["First page here.", "And the second."]));

  assert.equal(text, "First page here.\n\nAnd the second.");
  assert.deepEqual({ kind, pages, words }, { kind: "pdf", pages: 2, words: 6 });
});

test("a PDF of pictures has pages and no words", async () => {
  const { text, pages, words } = await read(
    pdf(["x"], () => "<< /Length 0 >>\nstream\n\nendstream"),
  );
  assert.deepEqual({ text, pages, words }, { text: "", pages: 1, words: 0 });
});

test("a Word document is read with its headings, lists and tables", async () => {
  const { kind, text } = await read(
    docx(
      [
        paragraph("Menu", '<w:pStyle w:val="Heading1"/>'),
        paragraph("Soup &amp; bread, &#8364;4"),
        paragraph("one", '<w:numPr><w:ilvl w:val="0"/></w:numPr>'),
        paragraph("two", '<w:numPr><w:ilvl w:val="0"/></w:numPr>'),
        `<w:tbl>${row("Day", "Opens")}${row("Sunday", "at ten")}</w:tbl>`,
        "<w:p><w:r><w:t>A</w:t><w:tab/><w:t>B</w:t><w:br/><w:t>C</w:t></w:r></w:p>",
        "<w:p><w:r><w:delText>gone</w:delText><w:instrText>PAGE</w:instrText></w:r></w:p>",
      ].join(""),
    ),
  );

  assert.equal(kind, "docx");
  assert.equal(
    text,
    "# Menu\n\nSoup & bread, €4\n\n- one\n- two\nDay | Opens\nSunday | at ten\n\nA\tB\nC",
  );
});

/** A Word document that says of itself to hold less, or more, than it does. */
function lying(content: Buffer, says: number): Buffer {
  const data = deflateRawSync(content, { level: 9 });
  const name = Buffer.from("word/document.xml");
  const sizes = Buffer.alloc(12);
  sizes.writeUInt32LE(crc32(content), 0);
  sizes.writeUInt32LE(data.length, 4);
  sizes.writeUInt32LE(says, 8);
  const common = Buffer.concat([
    Buffer.from("1400000008000000 0000".replace(" ", ""), "hex"),
    sizes,
  ]);
  const lengths = Buffer.from([name.length, 0, 0, 0]);
  const local = Buffer.concat([Buffer.from("504b0304", "hex"), common, lengths, name, data]);
  const central = Buffer.concat([
    Buffer.from("504b01021400", "hex"),
    common,
    lengths,
    Buffer.alloc(14),
    name,
  ]);
  const end = Buffer.alloc(22);
  end.write("504b0506", "hex");
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}

test("the small archive that lies is one that is read where it does not", async () => {
  const xml = Buffer.from("<w:p><w:r><w:t>Honest.</w:t></w:r></w:p></w:document>");
  assert.equal((await read(lying(xml, xml.length))).text, "Honest.");
});

test("markup that never closes is gone through once", async () => {
  assert.equal((await read(docx("<w:p>".repeat(2_000_000)))).words, 0);
});

const NOTHING = Buffer.alloc(100_000_000);
const LOCKED = `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${"aa".repeat(32)}> /U <${"bb".repeat(32)}> /P -4 >> /ID [<00><00>]`;

for (const [what, make, obstacle] of [
  ["a ZIP archive without a document", () => zip({ "a.txt": "Text." }), "unknown"],
  ["a spreadsheet", () => zip({ "xl/workbook.xml": "<x/>" }), "unknown"],
  [
    "an archive with names that lead elsewhere",
    () => zip({ "../../word/document.xml": "<x/>" }),
    "unknown",
  ],
  ["half an archive", () => docx(paragraph("Cut.")).subarray(0, 90), "broken"],
  ["an archive in name only", () => Buffer.from("PK\x03\x04 and nothing behind it"), "broken"],
  ["a document that unpacks to 100 MB", () => lying(NOTHING, NOTHING.length), "too_much"],
  ["one that says it is small", () => lying(NOTHING, 1000), "broken"],
  ["one whose markup never ends", () => zip({ "word/document.xml": "<w:p".repeat(9e6) }), "broken"],
  ["a PDF that breaks off", () => pdf(["Cut."]).subarray(0, 60), "broken"],
  ["a PDF of its first words alone", () => Buffer.from("%PDF-1.7\n"), "broken"],
  [
    "a locked PDF",
    () => pdfOf(["<< /Type /Catalog /Pages 2 0 R >>", "<< /Kids [] /Count 0 >>"], LOCKED),
    "locked",
  ],
  [
    "a PDF whose pages are their own parents",
    () =>
      pdfOf([
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>",
      ]),
    "broken",
  ],
  [
    "a PDF with a page that unpacks to 20 GB",
    () => pdf(["x"], () => packedTwice(bomb(200))),
    "too_much",
  ],
] as const) {
  test(`${what} is refused in time, and the process lives`, { timeout: MOST_MS }, async () => {
    const before = process.memoryUsage.rss();
    await assert.rejects(
      () => read(Buffer.from(make())),
      (error: Unreadable) => assert.equal(error.obstacle, obstacle) === undefined,
    );
    assert.ok(process.memoryUsage.rss() - before < 1_000_000_000);
  });
}
