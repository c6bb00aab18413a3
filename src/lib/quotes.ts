const WINDOW = 10;
const STEP = 5;
const SHORTEST_WHOLE = 4;
const CUT = "[…]";

/**
 * A text in which nothing is left that quotes one of the sources: neither a whole one, nor a part of 14
 * characters and more. Something around a part may go with it.
 */
export function withoutQuotes(text: string, sources: readonly string[]): string {
  const whole = sources.filter((source) => source.length >= SHORTEST_WHOLE);
  const clean = whole.reduce((rest, source) => rest.replaceAll(source, CUT), text);
  const quoted = quotedParts(clean, sources);

  return quoted.reduceRight(
    (rest, [from, to]) => rest.slice(0, from) + CUT + rest.slice(to),
    clean,
  );
}

// A part that long contains a window at one of the steps; where one is found, its surroundings go too.
function quotedParts(text: string, sources: readonly string[]): [from: number, to: number][] {
  const parts: [number, number][] = [];

  for (let at = 0; at + WINDOW <= text.length; at += STEP) {
    const window = text.slice(at, at + WINDOW);
    if (!sources.some((source) => source.includes(window))) continue;

    const [from, to] = [Math.max(0, at - STEP), at + WINDOW + STEP];
    const last = parts.at(-1);
    if (last && last[1] >= from) last[1] = to;
    else parts.push([from, to]);
  }
  return parts;
}
