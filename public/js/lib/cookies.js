const YEAR_S = 365 * 86_400;

// What the server draws a page by and only the browser knows; each has a name of its own.
export function tell(name, value) {
  // biome-ignore lint/suspicious/noDocumentCookie: cookieStore is not in the baseline, nor on plain http
  document.cookie = `aifacade-${name}=${value};path=/;max-age=${YEAR_S};samesite=lax`;
}

export function told(name) {
  return document.cookie.match(`(?:^|; )aifacade-${name}=([^;]*)`)?.[1] ?? "";
}
