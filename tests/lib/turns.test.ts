import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as nextTurn } from "node:timers/promises";
import { Turns } from "../../src/lib/turns.js";

test("so many run at once, in the order in which they came, whether or not they do well", async () => {
  const turns = new Turns(2, 3);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  const work = (n: number) => () =>
    new Promise<number>((resolve, reject) => {
      begun.push(n);
      ends.push(() => (n === 2 ? reject(new Error("two")) : resolve(n)));
    });

  const outcomes = Promise.allSettled([1, 2, 3, 4, 5].map((n) => turns.take(work(n))));
  await nextTurn();
  assert.deepEqual(begun, [1, 2]);
  assert.equal(turns.isFull, true);

  for (let n = 0; n < 5; n += 1) {
    ends[n]?.();
    await nextTurn();
    assert.deepEqual(begun, [1, 2, 3, 4, 5].slice(0, n + 3));
  }
  assert.deepEqual(
    (await outcomes).map(({ status }) => status),
    ["fulfilled", "rejected", "fulfilled", "fulfilled", "fulfilled"],
  );
  assert.equal(turns.isFull, false);
});
