class Refusal extends Error {
  constructor(obstacle) {
    super(obstacle);
    this.obstacle = obstacle;
  }
}

/** Gives up a file, for one of the reasons in file-text.ts. */
export function refuse(obstacle) {
  throw new Refusal(obstacle);
}

/** Whatever else fails is a file that is not as its kind should be, or one that is too large for the memory there is. */
export function obstacleOf(error) {
  if (error instanceof Refusal) return error.obstacle;
  return error instanceof RangeError && /alloc|memory|string length/i.test(error.message)
    ? "too_much"
    : "broken";
}
