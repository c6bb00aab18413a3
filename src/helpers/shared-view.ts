/** Stylesheets of every page that strangers read, then those that only some need, by what in the page asks for them. */
const EVERYWHERE = ["_global", "reset", "base", "buttons", "utilities"];
const DOOR = ["inputs"];
const TEXTS = ["messages", "markdown", "print"];
const SOMETIMES: [string, string][] = [
  ["code", "<pre"],
  ["callouts", 'class="callout'],
  ["math", "<math"],
];
const OWN = ["standalone/shared"];

interface Article {
  html: string | null;
  reasoningHtml: string | null;
}

/** What the page of a share links to, so that it stays small. */
export function stylesheetsFor(messages: readonly Article[]): string[] {
  const texts = messages.flatMap(({ html, reasoningHtml }) => [html, reasoningHtml]);
  const needed = SOMETIMES.filter(([, sign]) => texts.some((text) => text?.includes(sign)));
  return addresses([...EVERYWHERE, ...TEXTS, ...needed.map(([name]) => name), ...OWN]);
}

/** The same for a page that asks for a password, or says that there is nothing to read. */
export function doorStylesheets(): string[] {
  return addresses([...EVERYWHERE, ...DOOR, ...OWN]);
}

function addresses(names: string[]): string[] {
  return names.map((name) => `css/${name}.css`);
}
