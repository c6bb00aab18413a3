import type { StreamEvent, Visitor } from "../support/visitor.js";
import { TOKENS_PER_ANSWER } from "./upstream.js";

const TOKENS_PER_STAMP = 3;

/** Everybody asks at once and follows; how much was lost, and how late it came. */
export async function followAnswers(people: Visitor[]) {
  const delays: number[] = [];
  const counts = await Promise.all(people.map((person) => followOne(person, delays)));
  const expected = TOKENS_PER_ANSWER / TOKENS_PER_STAMP;
  delays.sort((a, b) => a - b);

  return {
    lost: counts.reduce((sum, count) => sum + (expected - count), 0),
    p50Ms: delays[Math.floor(delays.length * 0.5)] ?? 0,
    p99Ms: delays[Math.floor(delays.length * 0.99)] ?? 0,
  };
}

async function followOne(person: Visitor, delays: number[]): Promise<number> {
  const path = await person.ask("Tell me a long one.");
  const page = await person.get(path);
  const source = String(page.$("message-stream").attr("src"));

  await person.events(source, (event) => {
    const stamps = newestStamp(event);
    if (stamps) delays.push(Date.now() - stamps);
    return false;
  });
  const answer = (await person.settled(path)).words(".message--answer .message__body");
  return answer.match(/t\d{13}/g)?.length ?? 0;
}

// A patch holds what has grown: its last stamp is the newest token in it.
function newestStamp(event: StreamEvent): number | null {
  if (event.event !== "patch") return null;

  const stamps = JSON.stringify(event.data).match(/t\d{13}/g);
  return stamps ? Number(stamps.at(-1)?.slice(1)) : null;
}
