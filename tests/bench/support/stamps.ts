// A stamp is a word in an answer that says when it was written: "qz" and the time in base 36.
const LAPS = 36 ** 5;
const STAMP = /qz([0-9a-z]{5})/g;

export function stamp(now: number): string {
  return `qz${(now % LAPS).toString(36).padStart(5, "0")}`;
}

/** The times of all stamps in a text, in their order, as milliseconds since 1970. */
export function stampsIn(text: string, near: number): number[] {
  const lap = near - (near % LAPS);
  return [...text.matchAll(STAMP)].map(([, digits = ""]) => {
    const time = lap + Number.parseInt(digits, 36);
    if (time > near + LAPS / 2) return time - LAPS;
    return time < near - LAPS / 2 ? time + LAPS : time;
  });
}
