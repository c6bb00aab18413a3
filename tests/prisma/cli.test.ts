import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import Database from "better-sqlite3";
import { root } from "../support/root.js";

const project = copyOfProject();
const file = path.join(project, "data", "test.db");

after(() => rmSync(project, { recursive: true }));

test("the engine is of the Prisma that starts it", () => {
  const { version } = installed("@prisma/engines-version");
  assert.equal(installed("@prisma/schema-engine-wasm").version, version);
});

test("deploy makes the folder, the database and its tables, and status agrees", async () => {
  assert.match((await prisma("migrate", "status")).output, /P1003: There is no database/);
  assert.match((await prisma("migrate", "deploy")).output, /successfully applied/);
  assert.match((await prisma("migrate", "status")).output, /up to date/);

  const [message] = query("SELECT sql FROM sqlite_schema WHERE name = 'Message'");
  assert.match(String(message?.sql), /"id" INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT/);
});

test("the migrations make the schema, and nothing is left to migrate", async () => {
  const sides = ["--from-migrations", "prisma/migrations", "--to-schema", "prisma/schema.prisma"];
  const { code, output } = await prisma("migrate", "diff", ...sides, "--exit-code");

  assert.match(output, /No difference detected/);
  assert.equal(code, 0);
});

test("dev writes a migration for a changed schema and keeps the rows", async () => {
  query(
    "INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES ('1', 'Ada', 'ada', '-') RETURNING id",
  );
  appendFileSync(path.join(project, "prisma", "schema.prisma"), "model Note {\n  id Int @id\n}\n");

  const { output } = await prisma("migrate", "dev", "--name", "notes");

  assert.match(output, /_notes\//);
  assert.deepEqual(query("SELECT username FROM User"), [{ username: "Ada" }]);
  assert.deepEqual(query("SELECT count(*) AS n FROM Note"), [{ n: 0 }]);
});

test("reset empties the database and applies every migration", async () => {
  const migrations = readdirSync(path.join(project, "prisma", "migrations")).filter((name) =>
    /^\d/.test(name),
  );
  assert.match((await prisma("migrate", "reset", "--force")).output, /Database reset successful/);

  assert.deepEqual(query("SELECT count(*) AS n FROM User"), [{ n: 0 }]);
  assert.deepEqual(query("SELECT count(*) AS n FROM _prisma_migrations"), [
    { n: migrations.length },
  ]);
});

test("a database that a server uses is not migrated, and the reason is said", async () => {
  const server = new Database(file);
  server.pragma("journal_mode = WAL");
  server.prepare("SELECT 1 FROM User").all();

  const { code, output } = await prisma("migrate", "deploy");
  server.close();

  assert.match(output, /The database is in use. Stop the server first/);
  assert.equal(code, 1);
});

test("an engine that cannot start is an error, not a silent success", async () => {
  const sides = ["--from-config-datasource", "--to-schema", "prisma/schema.prisma"];
  const { code, output } = await prismaOn("postgres://db", "migrate", "diff", ...sides);

  assert.match(output, /DATABASE_URL must begin with file:/);
  assert.equal(code, 1);
});

// Below the project's folder, so that its packages are found.
function copyOfProject(): string {
  const parent = path.join(root, "tests", ".tmp");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, "prisma-"));

  for (const name of ["prisma", "prisma.config.ts"]) {
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  }
  return folder;
}

function prisma(...args: string[]) {
  return prismaOn("file:./data/test.db", ...args);
}

function prismaOn(url: string, ...args: string[]): Promise<{ code: number; output: string }> {
  const cli = path.join(root, "node_modules", "prisma", "build", "index.js");
  // Nothing else of this environment: some of its variables make Prisma ask before it resets.
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: url };

  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], { cwd: project, env }, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: stdout + stderr });
    });
  });
}

function query(sql: string): Record<string, unknown>[] {
  const database = new Database(file);
  try {
    return database.prepare(sql).all() as Record<string, unknown>[];
  } finally {
    database.close();
  }
}

function installed(name: string): { version: string } {
  return JSON.parse(readFileSync(path.join(root, "node_modules", name, "package.json"), "utf8"));
}
