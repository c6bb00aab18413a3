import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { PASSWORD } from "../support/app.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { addProvider, PROVIDER_KEY } from "../support/providers.js";
import { startServer } from "../support/server.js";
import { runTask } from "../support/task.js";
import type { Visitor } from "../support/visitor.js";

const [own, other] = [await startFakeDeepSeek(), await startFakeDeepSeek()];
const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-providers-"));
after(async () => {
  await own.close();
  await other.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = {
  DATABASE_URL: `file:${folder}/data/aifacade.db`,
  DEEPSEEK_BASE_URL: own.url,
  LOG_LEVEL: "debug",
};
const secrets = path.join(folder, "data", "secrets.env");
const doctor = () => runTask(settings, "doctor");

let like: Visitor | undefined;

/** The server as it starts on this database, with Ada in front of it; what it wrote until it ended. */
async function running(use: (ada: Visitor) => Promise<void>): Promise<string> {
  const server = await startServer(settings);
  const ada = server.visitor(like);
  if (!like) await ada.register("ada", PASSWORD);
  like = ada;
  await use(ada);
  await server.end("SIGTERM");
  return server.output();
}

let page = "";

test("a provider and its key outlive a restart, and neither log nor files hold the key", async () => {
  const first = await running(async (ada) => {
    page = (await addProvider(ada, other)).path;
    other.models = scenario.status(401, scenario.wire.complaint(`Bearer ${PROVIDER_KEY} is wrong`));
    await ada.post(`${page}/examinations`);
    other.models = { data: [{ id: "one" }, { id: "two" }] };
  });
  assert.match(first, /a provider of models was added, changed or removed/);
  assert.match(first, /list of models could not be read/);

  other.forget();
  const second = await running(async (ada) => {
    await ada.post(`${page}/examinations`);
    assert.match((await ada.get(page)).words(".condition"), /^It answers, with 2 models/);
  });
  assert.equal(other.modelRequests.at(-1)?.headers.authorization, `Bearer ${PROVIDER_KEY}`);

  assert.doesNotMatch(first + second, /canary|7f3a/);
  for (const name of readdirSync(path.join(folder, "data"), { recursive: true }) as string[]) {
    const file = path.join(folder, "data", name);
    if (/\.(?:db|env|db-wal)$/.test(name))
      assert.doesNotMatch(readFileSync(file, "latin1"), /canary/);
  }
});

test("the doctor asks each provider, changes nothing and tells no key", async () => {
  const sound = await doctor();
  assert.match(sound.output, /^ok {4}The provider Other \(http:.*\) answers, with 2 models/m);

  other.models = scenario.status(401, scenario.wire.complaint(`Your api key: ${PROVIDER_KEY}`));
  const refused = await doctor();
  assert.equal(refused.code, 1);
  assert.match(
    refused.output,
    /^bad {3}The provider Other .*does not accept the key \(HTTP 401\)/m,
  );
  assert.doesNotMatch(refused.output, /canary|7f3a/);
  other.models = { data: [{ id: "one" }] };
});

test("a backup that is restored with its secrets has the keys, and one without them says what to do", async () => {
  await runTask(settings, "backup");
  const [archive = ""] = readdirSync(path.join(folder, "data", "backups")).filter((name) =>
    name.endsWith(".gz"),
  );
  const kept = readFileSync(secrets, "utf8");
  writeFileSync(secrets, kept.replace(/^ENCRYPTION_SECRET=.*\n/m, ""));

  assert.match((await doctor()).output, /^bad {3}The provider Other cannot be asked: its key/m);
  other.forget();
  await running(async (ada) => {
    assert.match(
      (await ada.get(page)).words(".condition"),
      /^Its key cannot be read: enter it again/,
    );
    assert.equal((await ada.get("/")).status, 200);
  });
  assert.deepEqual(other.modelRequests, []);

  await runTask(settings, "restore", path.join(folder, "data", "backups", archive));
  assert.equal(readFileSync(secrets, "utf8"), kept);
  await running(async (ada) => {
    await ada.post(`${page}/examinations`);
    assert.match((await ada.get(page)).words(".condition"), /^It answers/);
  });
});
