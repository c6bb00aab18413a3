import { parse } from "./fragments.js";

// Pressed with a key held, a link is opened elsewhere.
export function opensElsewhere(event) {
  return event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
}

// A part of the page that a link leads to. Somebody who is logged out by now would be sent to a form.
export async function partBehind(link, selector) {
  const response = await fetch(link.href, { redirect: "error" });
  if (!response.ok) throw new Error(`${link.href} gave ${response.status}`);
  return parse(await response.text()).querySelector(selector);
}
