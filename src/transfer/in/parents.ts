// What each message of a file follows.
import { type Found, Unfit } from "./arrival.js";

/** What is not taken in is passed over: what hung below it hangs below what was above. */
export function parentsOf(found: Found[]): Map<Found, Found | null> {
  const byKey = new Map(found.map((one) => [one.key, one]));
  if (byKey.size < found.length) throw new Unfit("same_ids");

  const above = new Map<string, Found | null>();
  const taken = found.filter(({ role }) => role !== null);
  return new Map(taken.map((one) => [one, parentOf(one, byKey, above)]));
}

function parentOf(
  { parent }: Found,
  byKey: Map<string, Found>,
  above: Map<string, Found | null>,
): Found | null {
  const passed = new Set<string>();
  let key = parent;
  for (; key !== null && !above.has(key); key = byKey.get(key)?.parent ?? null) {
    if (byKey.get(key)?.role) break;
    if (passed.has(key)) throw circle();
    passed.add(key);
  }

  const isKnown = key === null || above.has(key);
  const found = (isKnown ? above.get(key ?? "") : byKey.get(key ?? "")) ?? null;
  for (const each of passed) above.set(each, found);
  return found;
}

/** In the order of the file, but for those who would come before what they follow. */
export function unplacedAbove(
  one: Found,
  parents: Map<Found, Found | null>,
  placeOf: Map<string, number>,
) {
  const waiting = new Set<Found>();
  let next: Found | null = one;

  for (; next && !placeOf.has(next.key); next = parents.get(next) ?? null) {
    if (waiting.has(next)) throw circle();
    waiting.add(next);
  }
  return waiting;
}

export function counted<Key>(keys: Iterable<Key>): Map<Key, number> {
  const counts = new Map<Key, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function circle(): Unfit {
  return new Unfit("circle");
}
