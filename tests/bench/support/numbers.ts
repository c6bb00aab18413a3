export function median(values: readonly number[]): number {
  return percentile(values, 50);
}

/** The smallest value that this share of all does not exceed. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)] ?? 0;
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** By how much y grows with each x, by least squares. */
export function slope(points: readonly { x: number; y: number }[]): number {
  const meanX = sum(points.map(({ x }) => x)) / points.length;
  const meanY = sum(points.map(({ y }) => y)) / points.length;
  const above = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY)));
  const below = sum(points.map(({ x }) => (x - meanX) ** 2));
  return below === 0 ? 0 : above / below;
}
