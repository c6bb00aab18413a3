import { parse } from "./fragments.js";
import { fetchText } from "./requests.js";

// Pressed with a key held, a link is opened elsewhere.
export function opensElsewhere(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

// A part of the page that a link leads to.
export async function partBehind(link, selector) {
  return parse(await fetchText(link.href)).querySelector(selector);
}
