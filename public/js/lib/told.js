const YEAR_S = 365 * 86_400;

// The server groups by day and cannot know whose; an old browser that does not tell stays with UTC.
export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}

export function tellZone() {
  tell("zone", zone());
}

// Which folders are unfolded: the server draws them so, and no page has them jump.
export function tellFolder({ id, open }) {
  const number = id.replace("folder-", "");
  const known = /aifacade-folders=([\d.]*)/.exec(document.cookie)?.[1] ?? "";
  const others = known.split(".").filter((other) => other && other !== number);
  const opened = open ? [...others, number] : others;
  tell("folders", opened.slice(-50).join("."));
}

// What a page is drawn by and only the browser knows.
function tell(name, value) {
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not in the baseline, nor on plain http
  document.cookie = `aifacade-${name}=${value};path=/;max-age=${YEAR_S};samesite=lax`;
}
