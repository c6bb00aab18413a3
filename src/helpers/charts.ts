/** A bar of a chart, in its own units: they are stretched over whatever room there is. */
export interface Bar {
  x: number;
  y: number;
  width: number;
  height: number;
  title: string;
}

export interface Chart {
  width: number;
  height: number;
  bars: Bar[];
}

interface Point {
  value: number;
  title: string;
}

const WIDTH = 960;
const HEIGHT = 160;
const GAP = 0.25;
// What is there at all can be seen, however little it is beside the largest.
const LEAST = 2;

/** Bars side by side, the highest as high as the chart. */
export function barChart(points: readonly Point[]): Chart {
  const highest = Math.max(0, ...points.map(({ value }) => value));
  const step = WIDTH / Math.max(1, points.length);

  return {
    width: WIDTH,
    height: HEIGHT,
    bars: points.map(({ value, title }, index) => {
      const height = value === 0 ? 0 : Math.max(LEAST, tidy((HEIGHT * value) / highest));
      return {
        x: tidy(index * step + (step * GAP) / 2),
        y: tidy(HEIGHT - height),
        width: tidy(step * (1 - GAP)),
        height,
        title,
      };
    }),
  };
}

/** How long a bar is beside the longest, of a hundred. */
export function partOf(value: number, longest: number): number {
  if (longest === 0 || value === 0) return 0;
  return Math.max(1, tidy((100 * value) / longest));
}

function tidy(value: number): number {
  return Math.round(value * 100) / 100;
}
