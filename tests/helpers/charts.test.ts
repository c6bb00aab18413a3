import assert from "node:assert/strict";
import { test } from "node:test";
import { barChart, partOf } from "../../src/helpers/charts.js";

const point = (value: number) => ({ value, title: String(value) });

test("the highest bar is as high as the chart, and the others beside it", () => {
  const { height, bars } = barChart([point(10), point(5), point(0)]);
  assert.deepEqual(
    bars.map((bar) => bar.height),
    [height, height / 2, 0],
  );
  assert.ok(bars.every(({ y, height: own }) => y + own === height));
});

test("what is there at all can be seen", () => {
  assert.ok((barChart([point(1e12), point(1)]).bars[1]?.height ?? 0) > 0);
  assert.equal(partOf(1, 1e12), 1);
  assert.equal(partOf(0, 0), 0);
});

test("bars stay inside the chart", () => {
  const { width, bars } = barChart(Array.from({ length: 92 }, (_, index) => point(index)));
  assert.ok(bars.every((bar) => bar.x >= 0 && bar.x + bar.width <= width));
});

test("nothing at all is a chart without bars", () => {
  assert.deepEqual(barChart([]).bars, []);
  assert.equal(barChart([point(0)]).bars[0]?.height, 0);
});
