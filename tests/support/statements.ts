import Database from "better-sqlite3";

const RUNNERS = ["get", "all", "run", "iterate"] as const;

// The driver does not export the class of its statements, so it is taken from one of them.
const prototype: Database.Statement = Object.getPrototypeOf(
  new Database(":memory:").prepare("SELECT 1"),
);

/** The SQL that this process has a database run while `work` runs: one text per statement run. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const originals = RUNNERS.map((name) => [name, prototype[name]] as const);

  for (const [name, original] of originals) {
    Object.assign(prototype, {
      [name](this: Database.Statement, ...values: unknown[]) {
        statements.push(this.source);
        return Reflect.apply(original, this, values);
      },
    });
  }

  try {
    await work();
    return statements;
  } finally {
    Object.assign(prototype, Object.fromEntries(originals));
  }
}
