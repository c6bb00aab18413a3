import { getDocumentProxy } from "unpdf";
import { refuse } from "./obstacles.js";

const MOST_PAGES = 3000;

/** The text layer of a PDF, page by page. */
export async function readPdf(bytes, mostCharacters) {
  const document = await open(bytes);
  const pages = document.numPages;
  if (pages > MOST_PAGES) refuse("too_long");

  let text = "";
  for (let number = 1; number <= pages; number += 1) {
    const page = await document.getPage(number);
    const { items } = await page.getTextContent();
    text += `${items.map(written).join("").trim()}\n\n`;
    page.cleanup();
    if (text.length > mostCharacters) refuse("too_long");
  }
  return { text, pages };
}

async function open(bytes) {
  try {
    return await getDocumentProxy(bytes, { isEvalSupported: false, verbosity: 0 });
  } catch (error) {
    return refuse(error.name === "PasswordException" ? "locked" : "broken");
  }
}

function written({ str = "", hasEOL }) {
  return hasEOL ? `${str}\n` : str;
}
