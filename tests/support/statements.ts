import Database from "better-sqlite3";

const RUNNERS = ["get", "all", "run", "iterate"] as const;

interface Reading {
  sql: string;
  rows: number;
}

// The driver does not export the class of its statements, so it is taken from one of them.
const prototype: Database.Statement = Object.getPrototypeOf(
  new Database(":memory:").prepare("SELECT 1"),
);

/** The SQL that this process has a database run while `work` runs: one text per statement run. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  return (await readingsOf(work)).map(({ sql }) => sql);
}

/** The same, with how many rows each of them gave at once. */
export async function readingsOf(work: () => Promise<unknown>): Promise<Reading[]> {
  const readings: Reading[] = [];
  const originals = RUNNERS.map((name) => [name, prototype[name]] as const);

  for (const [name, original] of originals) {
    Object.assign(prototype, {
      [name](this: Database.Statement, ...values: unknown[]) {
        const reading = { sql: this.source, rows: 0 };
        readings.push(reading);
        const result: unknown = Reflect.apply(original, this, values);
        if (Array.isArray(result)) reading.rows = result.length;
        return result;
      },
    });
  }

  try {
    await work();
    return readings;
  } finally {
    Object.assign(prototype, Object.fromEntries(originals));
  }
}
