import { RENDERER_VERSION, renderMarkdown } from "../../../../src/rendering/markdown.js";
import type { MessageRow } from "../store.js";
import { isBeginning } from "../texts.js";
import type { Telling } from "./tellings.js";
import { grouped, numberOf, type Trial } from "./trial.js";
import { broken, type Violation } from "./violation.js";

const MOST_LOST_CHARACTERS = 2_000;

/** P3: what is kept is the beginning of what was sent, and lacks at most the last second or 2 kB. */
export function textIsWhole(trial: Trial): Violation[] {
  const answers = trial.store.messages.filter(({ role }) => role === "answer");
  const byText = new Map(answers.map((row) => [numberOf(row), row]));
  const tellings = grouped(trial.tellings, ({ text }) => text);

  return [
    ...answers.flatMap((row) => notABeginning(row)),
    ...[...tellings].flatMap(([text, parts]) => lossesOf(trial, parts, byText.get(text))),
  ];
}

function notABeginning(row: MessageRow): Violation[] {
  const text = numberOf(row);
  if (row.body === "" && row.reasoning === "") return [];
  if (text === null) return broken("P3", `answer ${row.id} begins in the middle: ${row.body}`);
  if (!isBeginning(row.body, "t", text) || !isBeginning(row.reasoning, "r", text))
    return broken("P3", `answer ${row.id} has a gap or a double: ${row.reasoning} | ${row.body}`);
  if (
    row.state !== "running" &&
    row.rendererVersion === RENDERER_VERSION &&
    row.html !== renderMarkdown(row.body)
  )
    return broken("P3", `answer ${row.id} is shown otherwise than it was written`);
  return [];
}

// Each part must go on where the one before it ended, but for what may be lost; so must the row.
function lossesOf(trial: Trial, parts: Telling[], row: MessageRow | undefined): Violation[] {
  return parts.flatMap((part, index) => {
    const next = parts[index + 1];
    const kept = next ? next.from : sizeOf(row);
    const size = ({ thought, length }: Telling["sent"][number]) => length + (next ? 0 : thought);
    const certain = part.sent.findLast(({ at }) => at < trial.lastGoodSecond(part.closedAt));
    const last = part.sent.at(-1);
    if (!certain || !last || kept >= size(certain)) return [];

    const lost = size(last) - kept;
    if (lost <= MOST_LOST_CHARACTERS || (!row && mayBeGone(trial, part, last))) return [];
    const what = `text ${part.text} for [${part.tag}] lost ${lost} characters`;
    return broken("P3", `${what}: ${kept} are kept, ${size(certain)} were certain`);
  });
}

function sizeOf(row: MessageRow | undefined): number {
  return row ? row.body.length + row.reasoning.length : 0;
}

// With its question; and what was only thought about when the server ended is begun anew.
function mayBeGone(
  trial: Trial,
  { request, tag }: Telling,
  last: Telling["sent"][number],
): boolean {
  const isBegunAnew = trial.tellings.some(
    (other) => other.tag === tag && other.request > request && other.from === 0,
  );
  return !trial.questions.has(tag) || (last.length === 0 && isBegunAnew);
}
