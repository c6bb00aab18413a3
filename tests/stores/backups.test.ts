import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import fs, {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { Header } from "tar";
import { migrated } from "../support/app.js";
import { holdLock } from "../support/locks.js";

const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-"));
const data = path.join(top, "data");
const file = path.join(data, "aifacade.db");
const folder = path.join(data, "backups");
after(() => rmSync(top, { recursive: true, force: true }));

Object.assign(process.env, {
  NODE_ENV: "test",
  DATABASE_URL: `file:${file}`,
  BACKUP_EVERY_HOURS: "24",
  BACKUP_KEEP: "3",
});
const { backUp, backups, snapshot, verify } = await import("../../src/stores/backups.js");
const { restore } = await import("../../src/stores/backups/restore.js");
const { hold } = await import("../../src/stores/lock.js");
const { peek } = await import("../../src/stores/backups/archive.js");
const { backUpWhenDue, backupTrouble } = await import("../../src/stores/backups/regular.js");

beforeEach(() => {
  rmSync(data, { recursive: true, force: true });
  const database = migrated(file);
  database.pragma("journal_mode = WAL");
  const add = database.prepare(
    "INSERT INTO User (id, username, usernameKey, passwordDigest) VALUES (?, ?, ?, ?)",
  );
  for (let index = 1; index <= 200; index += 1)
    add.run(`id${index}`, `name${index}`, `key${index}`, randomBytes(100).toString("hex"));
  database.close();
  writeFileSync(path.join(data, "secrets.env"), "PASSWORD_PEPPER=one of a test\n", { mode: 0o600 });
});

/** The entries of an archive, so that one can be made that is not quite right. */
interface Entry {
  name: string;
  content: Buffer;
  type?: "File" | "SymbolicLink" | "Link";
  linkpath?: string;
}

function entriesOf(archive: string): Entry[] {
  const bytes = gunzipSync(readFileSync(archive));
  const entries: Entry[] = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const { path: name = "", size = 0 } = new Header(bytes, at);
    entries.push({ name, content: Buffer.from(bytes.subarray(at + 512, at + 512 + size)) });
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

function archiveOf(entries: Entry[]): string {
  const blocks = entries.flatMap(({ name, content, type = "File", linkpath }) => {
    const header = Buffer.alloc(512);
    const body = type === "File" ? content : Buffer.alloc(0);
    const size = body.length;
    new Header({ path: name, mode: 0o600, size, type, linkpath, mtime: new Date() }).encode(header);
    return [header, body, Buffer.alloc((512 - (size % 512)) % 512)];
  });
  const archive = path.join(top, `made-${Math.random()}.tar.gz`);
  writeFileSync(archive, gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)])));
  return archive;
}

function inManifest(entries: Entry[], change: (manifest: never) => void): Entry[] {
  return entries.map((entry) => {
    if (entry.name !== "manifest.json") return entry;
    const manifest = JSON.parse(entry.content.toString());
    change(manifest as never);
    return { ...entry, content: Buffer.from(JSON.stringify(manifest)) };
  });
}

test("a backup has the database, the secrets, and a manifest that says what they are", async () => {
  const { file: archive, bytes, before } = await backUp();
  const manifest = peek(archive);

  assert.deepEqual(
    entriesOf(archive).map(({ name }) => name),
    ["manifest.json", "aifacade.db", "secrets.env"],
  );
  assert.equal(bytes, statSync(archive).size);
  assert.equal(before, null);
  assert.equal(statSync(archive).mode & 0o777, 0o600);
  assert.equal(manifest?.rows.User, 200);
  assert.match(String(manifest?.migrations[0]), /_first_release$/);
  assert.deepEqual(await verify(archive), manifest);
});

test("what a backup that was killed has left goes with the next one, and was never a backup", async () => {
  mkdirSync(path.join(folder, ".making-abc"), { recursive: true });
  writeFileSync(path.join(folder, ".making-abc", "archive"), "half");
  assert.deepEqual(backups(), []);

  const { file: archive } = await backUp();
  assert.deepEqual(readdirSync(folder).sort(), [".lock", path.basename(archive)]);
});

test("two backups at once: one is made, the other is refused", async () => {
  const results = await Promise.allSettled([backUp(), backUp()]);
  const [refused] = results.filter(({ status }) => status === "rejected");

  assert.match(String((refused as PromiseRejectedResult).reason), /Another backup is being made/);
  assert.equal(backups().length, 1);
});

test("snapshots are not pushed out by backups, nor backups by snapshots", async () => {
  mkdirSync(folder, { recursive: true });
  for (let day = 1; day <= 5; day += 1)
    for (const suffix of ["", "-before-0.0.1"])
      writeFileSync(path.join(folder, `aifacade-2026010${day}T000000Z${suffix}.tar.gz`), "");
  await backUp();
  await snapshot();

  const found = backups().map(({ file: archive }) => path.basename(archive));
  assert.equal(found.length, 6);
  assert.equal(found.filter((name) => name.includes("-before-")).length, 3);
  assert.ok(found.includes("aifacade-20260104T000000Z.tar.gz"));
});

test("a backup from the future makes none due anew each time, and pushes no other out", async () => {
  mkdirSync(folder, { recursive: true });
  for (const year of [2001, 2002, 2098, 2099])
    writeFileSync(path.join(folder, `aifacade-${year}0101T000000Z.tar.gz`), "");
  for (let round = 1; round <= 2; round += 1) await backUpWhenDue();

  const years = backups().map(({ madeAt }) => madeAt.getUTCFullYear());
  assert.deepEqual(years, [2099, 2098, new Date().getUTCFullYear(), 2002, 2001]);
  await pause(1000);
  await backUp();
  assert.equal(backups().filter(({ madeAt }) => madeAt.getUTCFullYear() === 2001).length, 0);
});

test("a damaged database is no backup: the task fails, and nothing is kept under that name", async () => {
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 4096 * 3, 4096 * 3 + 2000);
  writeFileSync(file, bytes);

  await assert.rejects(backUp(), /not good, and was not kept\..*SQLite says|cannot be used/);
  assert.deepEqual(backups(), []);
  assert.deepEqual(readdirSync(folder), [".lock"]);
});

const tricks: [string, (entries: Entry[]) => Entry[], RegExp][] = [
  ["a path that climbs out", (all) => [...all, named("../evil")], /it holds "\.\.\/evil"/],
  ["an absolute path", (all) => [...all, named(path.join(top, "evil"))], /it holds ".*evil"/],
  ["a file that is none of ours", (all) => [...all, named("evil")], /it holds "evil"/],
  ["a file in a folder", (all) => [...all, named("deep/aifacade.db")], /it holds "deep/],
  [
    "a link to a file elsewhere",
    (all) => [
      ...all.filter(({ name }) => name !== "secrets.env"),
      { ...named("secrets.env"), type: "SymbolicLink", linkpath: "/etc/passwd" },
    ],
    /it holds "secrets\.env"/,
  ],
  [
    "a hard link",
    (all) => [
      ...all.filter(({ name }) => name !== "secrets.env"),
      { ...named("secrets.env"), type: "Link", linkpath: "manifest.json" },
    ],
    /it holds "secrets\.env"|cannot be unpacked/,
  ],
  ["one file twice", (all) => [...all, named("secrets.env")], /it holds "secrets\.env"/],
  [
    "a file that is not the one that was backed up",
    (all) => all.map((entry) => (entry.name === "secrets.env" ? named("secrets.env") : entry)),
    /secrets\.env in it is not what was backed up/,
  ],
  ["no database", (all) => all.filter(({ name }) => name !== "aifacade.db"), /files are missing/],
  ["no manifest", (all) => all.filter(({ name }) => name !== "manifest.json"), /no backup of AIF/],
  [
    "a manifest of another format",
    (all) => inManifest(all, (manifest) => Object.assign(manifest, { format: "other" })),
    /no backup of AIFacade/,
  ],
  [
    "a manifest that names a file elsewhere",
    (all) =>
      inManifest(all, (manifest: { files: { name: string }[] }) => {
        for (const each of manifest.files) each.name = "../../etc/passwd";
      }),
    /no backup of AIFacade/,
  ],
  [
    "fewer rows than it says",
    (all) => inManifest(all, (manifest: { rows: { User: number } }) => void manifest.rows.User++),
    /rows are missing/,
  ],
];

function named(name: string): Entry {
  return { name, content: Buffer.from("evil") };
}

for (const [what, spoil, words] of tricks) {
  test(`an archive with ${what} is refused, and nothing is changed`, async () => {
    const { file: archive } = await backUp();
    await refusedUnchanged(archiveOf(spoil(entriesOf(archive))), words);
    assert.ok(!existsSync(path.join(top, "evil")) && !existsSync(path.join(data, "evil")));
  });
}

async function refusedUnchanged(archive: string, words: RegExp) {
  const before = contents();
  await assert.rejects(restore(archive), words);
  assert.deepEqual(contents(), before);
}

function contents() {
  const names = readdirSync(data, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(path.join(data, name)).isFile())
    .filter((name) => !name.endsWith(".server"));
  return names.sort().map((name) => [name, readFileSync(path.join(data, name)).toString("base64")]);
}

test("an archive as it was made, taken apart and put together again, is restored", async () => {
  const { file: archive } = await backUp();
  const { replaced } = await restore(archiveOf(entriesOf(archive)));
  assert.ok(readdirSync(String(replaced)).includes("secrets.env"));
});

test("an archive of a newer schema is refused by name", async () => {
  const database = new (await import("better-sqlite3")).default(file);
  database.exec("UPDATE _prisma_migrations SET migration_name = '29990101000000_future'");
  database.close();
  await assert.rejects(backUp(), /newer AIFacade \(it has 29990101000000_future/);
});

test("what is no archive, or was cut or damaged on its way, is refused", async () => {
  const { file: archive } = await backUp();
  const copy = path.join(top, "copy.tar.gz");

  writeFileSync(copy, randomBytes(5000));
  await refusedUnchanged(copy, /is not used: /);
  writeFileSync(copy, "");
  await refusedUnchanged(copy, /is not used: /);
  cpSync(archive, copy);
  truncateSync(copy, Math.floor(statSync(copy).size / 2));
  await refusedUnchanged(copy, /is not used: /);
  const bytes = readFileSync(archive);
  bytes.fill(0, bytes.length - 3000, bytes.length - 2900);
  writeFileSync(copy, bytes);
  await refusedUnchanged(copy, /is not used: /);
  await assert.rejects(restore(path.join(top, "nowhere")), /There is no file/);
});

test("a log of the old database is moved aside with it", async () => {
  const { file: archive } = await backUp();
  writeFileSync(`${file}-wal`, "what an old server left");
  const { replaced } = await restore(archive);

  assert.equal(readFileSync(path.join(String(replaced), "aifacade.db-wal"), "utf8").length, 23);
  assert.ok(!existsSync(`${file}-wal`));
});

test("what a restore that was killed has left goes with the next one", async () => {
  const { file: archive } = await backUp();
  mkdirSync(path.join(data, ".restoring-abc123"));
  writeFileSync(path.join(data, ".restoring-abc123", "secrets.env"), "PASSWORD_PEPPER=of a test\n");
  await restore(archive);

  assert.deepEqual(
    readdirSync(data).filter((name) => name.startsWith(".restoring-")),
    [],
  );
});

test("a restore waits a moment for whoever uses the database, and no longer", async () => {
  const { file: archive } = await backUp();
  const moment = await holdLock(`${file}.server`, { kind: "EXCLUSIVE", forMs: 500 });
  await restore(archive);
  moment.process.kill();

  const longer = await holdLock(`${file}.server`, { kind: "EXCLUSIVE", forMs: 8_000 });
  await assert.rejects(
    restore(archive),
    /^Error: Another AIFacade server, restore or migration is/,
  );
  longer.process.kill();
});

test("a regular backup is made when one is due, in a process of its own", async () => {
  await backUpWhenDue();
  assert.equal(backupTrouble(), null);
  assert.equal(backups().length, 1);

  await backUpWhenDue();
  assert.equal(backups().length, 1);
});

test("a regular backup that fails is known, and the next that succeeds forgets it", async () => {
  const bytes = readFileSync(file);
  writeFileSync(file, "garbage");
  await backUpWhenDue();
  assert.match(String(backupTrouble()), /^The last backup failed\. .*aifacade\.db cannot be used/);

  writeFileSync(file, bytes);
  await backUpWhenDue();
  assert.equal(backupTrouble(), null);
});

test("a regular backup is made where a sandbox forbids to lower its priority, and so is the next", async (t) => {
  t.after(syncBuiltinESMExports);
  const refusal = t.mock.method(os, "setPriority", () => {
    throw new Error("EPERM");
  });
  syncBuiltinESMExports();

  for (const round of [1, 2]) {
    await backUpWhenDue();
    assert.equal(backupTrouble(), null);
    assert.equal(refusal.mock.callCount(), round);
    assert.equal(backups().length, 1);
    rmSync(String(backups()[0]?.file));
  }
});

test("a regular backup that cannot be run at all is known, and is tried again", async (t) => {
  t.after(() => Object.assign(process, { execPath: NODE }));
  const NODE = process.execPath;
  process.execPath = path.join(top, "nowhere");
  await backUpWhenDue();
  assert.match(String(backupTrouble()), /^The last backup failed\. It could not be run: .*ENOENT/);

  process.execPath = NODE;
  await backUpWhenDue();
  assert.equal(backupTrouble(), null);
});

test("a regular backup that finds another at work is no trouble, and stays due", async () => {
  mkdirSync(folder, { recursive: true });
  const other = hold(path.join(folder, ".lock"));
  await backUpWhenDue();
  assert.equal(backupTrouble(), null);
  assert.deepEqual(backups(), []);

  other?.close();
  await backUpWhenDue();
  assert.equal(backups().length, 1);
});

test("a backup is checked only where there is room for what it holds", async (t) => {
  const { file: archive } = await backUp();
  t.after(syncBuiltinESMExports);
  t.mock.method(fs, "statfsSync", () => ({ bavail: 64 * 1024, bsize: 1024 }));
  syncBuiltinESMExports();

  await assert.rejects(verify(archive), {
    name: "Error",
    message: /was not checked: it needs 67\.\d MB in .*backups, and 67\.2 MB are free/,
  });
});
