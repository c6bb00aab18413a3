const LONGEST_WORDS = 300;

export interface Violation {
  promise: string;
  what: string;
}

export function broken(promise: string, what: string): Violation[] {
  return [
    { promise, what: what.length > LONGEST_WORDS ? `${what.slice(0, LONGEST_WORDS)}…` : what },
  ];
}
