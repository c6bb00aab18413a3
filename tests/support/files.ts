import { constants, deflateRawSync, deflateSync } from "node:zlib";
import { zipSync } from "fflate";

/** A PDF with these texts, one to a page; `content` may change what a page is drawn with. */
export function pdf(pages: string[], content = (text: string) => drawn(text)): Buffer {
  const kids = pages.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    "<< /Type /Catalog /Pages 2 0 R >>",
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ...pages.flatMap((text, index) => [
      `<< /Type /Page /Parent 2 0 R /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * index} 0 R >>`,
      content(text),
    ]),
  ];
  return pdfOf(objects);
}

/** A PDF of objects as they are written, of which the first is its catalogue. */
export function pdfOf(objects: string[], trailer = ""): Buffer {
  let body = "%PDF-1.4\n";
  const places = objects.map((object, index) => {
    const place = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return `${String(place).padStart(10, "0")} 00000 n \n`;
  });
  const size = objects.length + 1;
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${places.join("")}`;
  const end = `trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + table + end, "latin1");
}

/** A stream of packed bytes, packed once more. */
export function packedTwice(packed: Buffer): string {
  const data = deflateSync(packed, { level: 9 });
  const head = `<< /Length ${data.length} /Filter [ /FlateDecode /FlateDecode ] >>`;
  return `${head}\nstream\n${data.toString("latin1")}\nendstream`;
}

/** What unpacks to so many hundred megabytes of blanks: one packed piece over and over. */
export function bomb(hundredMegabytes: number): Buffer {
  const blanks = Buffer.alloc(100_000_000, " ");
  const piece = deflateRawSync(blanks, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const pieces = Array.from({ length: hundredMegabytes }, () => piece);
  return Buffer.concat([Buffer.from("789c", "hex"), ...pieces, Buffer.from("030000000001", "hex")]);
}

/** A Word document with this markup in its body. */
export function docx(body: string): Buffer {
  const xml = `<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`;
  return zip({ "[Content_Types].xml": "<Types/>", "word/document.xml": xml });
}

export function zip(files: Record<string, string | Uint8Array>): Buffer {
  const entries = Object.entries(files).map(([name, content]) => [
    name,
    Buffer.from(content as string),
  ]);
  return Buffer.from(zipSync(Object.fromEntries(entries)));
}

function drawn(text: string): string {
  const content = `BT /F1 12 Tf 72 720 Td (${text}) Tj ET`;
  return `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;
}
