import { tell } from "./cookies.js";

// The server groups by day and cannot know whose; an old browser that does not tell stays with UTC.
export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}

export function tellZone() {
  tell("zone", zone());
}
