import Database from "better-sqlite3";

/** The SQL that this process has a database prepare while `work` runs: one text per statement run. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const { prepare } = Database.prototype;
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    statements.push(sql);
    return prepare.call(this, sql);
  } as typeof prepare;

  try {
    await work();
    return statements;
  } finally {
    Database.prototype.prepare = prepare;
  }
}
