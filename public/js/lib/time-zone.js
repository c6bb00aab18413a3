const YEAR_S = 365 * 86_400;

// The server groups by day and cannot know whose; an old browser that does not tell stays with UTC.
export function zone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
}

export function tellZone() {
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not in the baseline, nor on plain http
  document.cookie = `aifacade-zone=${zone()};path=/;max-age=${YEAR_S};samesite=lax`;
}
