import { spawnSync } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Database from "better-sqlite3";
import { digest } from "../../../src/lib/tokens.js";
import { built, root } from "../../support/root.js";

export interface Sizes {
  people: number;
  conversations: number;
  messages: number;
  longest: number;
}

/** A database with people who are logged in already: hashing their passwords would take minutes. */
export interface Prepared {
  file: string;
  settings: Record<string, string>;
  /** For each person what their browser sends along with every request. */
  headers: string[];
}

export const SMALL: Sizes = { people: 1000, conversations: 3000, messages: 30_000, longest: 2500 };
/** Half of it is the first person's. */
export const TALKATIVE: Sizes = {
  ...{ people: 4, conversations: 10_000, messages: 220_000, longest: 2500 },
};
export const LARGE: Sizes = {
  ...{ people: 1000, conversations: 100_000, messages: 2_000_000, longest: 2500 },
};

const SECRET = "bench:0123456789:abcdefghijklmnopqrstuvwxyz";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
const DAY_MS = 86_400_000;

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-bench-"));
const made = new Map<string, string>();
let copies = 0;

/** What `npm run task -- populate` makes, once for each size; `said` is what it said. */
export function populated(sizes: Sizes): { file: string; said: string } {
  const key = JSON.stringify(sizes);
  const file = path.join(folder, `populated-${made.size}.db`);
  const said = made.get(key);
  if (said) return JSON.parse(said);

  const options = Object.entries(sizes).flatMap(([name, count]) => [`--${name}`, String(count)]);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...built("src/tasks/run"), "populate", ...options],
    { cwd: root, env: { ...process.env, ...settingsFor(file) }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`populate failed: ${stderr}`);
  made.set(key, JSON.stringify({ file, said: stdout }));
  return { file, said: stdout };
}

/** A database to measure with; the large one is not copied. */
export function prepare(sizes: Sizes = SMALL): Prepared {
  const { file: original } = populated(sizes);
  copies += 1;
  const file = sizes === LARGE ? original : path.join(folder, `bench-${copies}.db`);
  if (file !== original) copyFileSync(original, file);
  return { file, settings: settingsFor(file), headers: logIn(file) };
}

export function forgetDatabases() {
  rmSync(folder, { recursive: true, force: true });
}

/** The address of a conversation of the first person that has so many messages. */
export function conversationOf(file: string, messages: number): string {
  const database = new Database(file, { readonly: true });
  const row = database
    .prepare(
      `SELECT conversationId AS id FROM Message JOIN Conversation c ON c.id = conversationId
       JOIN User u ON u.id = c.userId WHERE u.usernameKey = 'crowd-0001'
       GROUP BY conversationId HAVING count(*) = ? LIMIT 1`,
    )
    .get(messages) as { id: string };
  database.close();
  return `/conversations/${row.id}`;
}

/** The addresses of so many copies of that conversation, made for this. */
export function copiesOf(file: string, address: string, count: number): string[] {
  const id = address.split("/").at(-1);
  const names = Array.from({ length: count }, (_, index) => `copy-${index}-of-${id}`);
  const database = new Database(file);
  const copy = database.prepare(`
    INSERT INTO Conversation (id, userId, title, createdAt, updatedAt)
    SELECT @name, userId, title, createdAt, updatedAt FROM Conversation WHERE id = @id`);
  const columns = columnsBut(database, ["id", "conversationId", "parentId", "sendDigest"]);
  const copyMessages = database.prepare(`
    INSERT INTO Message (id, conversationId, parentId, ${columns})
    SELECT id + @above, @name, parentId + @above, ${columns} FROM Message WHERE conversationId = @id`);
  const highest = database.prepare("SELECT max(id) FROM Message").pluck().get() as number;

  database.transaction(() => {
    for (const [index, name] of names.entries()) {
      copy.run({ name, id });
      copyMessages.run({ name, id, above: highest * (index + 1) });
    }
    // Nobody searches them: making them searchable would only disturb what is measured.
    database.exec("DELETE FROM SearchQueue");
  })();
  database.close();
  return names.map((name) => `/conversations/${name}`);
}

function columnsBut(database: Database.Database, without: string[]): string {
  const columns = database.pragma("table_info(Message)") as { name: string }[];
  return columns
    .map(({ name }) => name)
    .filter((name) => !without.includes(name))
    .join(", ");
}

function settingsFor(file: string): Record<string, string> {
  return { DATABASE_URL: `file:${file}`, SESSION_SECRET: SECRET, PASSWORD_PEPPER: SECRET };
}

// As src/stores/session-store.ts stores them.
function logIn(file: string): string[] {
  const database = new Database(file);
  const insert = database.prepare(
    "INSERT INTO Session (id, userId, data, createdAt, expiresAt) VALUES (?, ?, ?, ?, ?)",
  );
  const people = database.prepare("SELECT id FROM User ORDER BY usernameKey").all();
  const headers = database.transaction(() =>
    (people as { id: string }[]).map(({ id }) => {
      const session = randomBytes(24).toString("base64url");
      insert.run(digest(session), id, dataOf(id), time(0), time(7));
      return headersWith(session);
    }),
  )();

  database.close();
  return headers;
}

function dataOf(person: string): string {
  return JSON.stringify({
    cookie: { originalMaxAge: 90 * DAY_MS, httpOnly: true, path: "/", sameSite: "lax" },
    passport: { user: person },
    browser: "Firefox",
  });
}

function headersWith(session: string): string {
  const signature = createHmac("sha256", SECRET)
    .update(session)
    .digest("base64")
    .replace(/=+$/, "");
  const cookie = encodeURIComponent(`s:${session}.${signature}`);
  return browserHeaders(`aifacade=${cookie}`);
}

/** The headers of a request by somebody with these cookies. */
export function browserHeaders(cookie: string, userAgent = FIREFOX): string {
  return `User-Agent: ${userAgent}\r\nAccept: text/html,*/*\r\nCookie: ${cookie}\r\n`;
}

function time(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().replace("Z", "+00:00");
}
