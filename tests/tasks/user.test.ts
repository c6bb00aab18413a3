import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { PASSWORD, startApp } from "../support/app.js";
import { built, root } from "../support/root.js";

const app = await startApp();

/** The command line as an administrator uses it, beside the running server. */
async function task(...words: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [...built("src/tasks/run"), ...words], {
    cwd: root,
    env: { ...process.env, HOST: "127.0.0.1", PORT: "3000" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      output += chunk;
    });
  }
  const [code] = await once(child, "close");
  return { code, output };
}

test("everybody is listed, with role and state", async () => {
  await app.signedIn("founder");
  await app.signedIn("second");
  const { output } = await task("user", "list");

  assert.match(output, /founder.*administrator.*active/);
  assert.match(output, /second.*member.*active/);
});

test("suspending ends a session, and what is being written, within a second or two", async () => {
  const visitor = await app.signedIn("to be suspended");
  const answer = await visitor.ask("chaos:hold@2");
  const source = (await visitor.get(answer)).$("message-stream").attr("src") ?? "";
  const events = visitor.events(source);
  const { code } = await task("user", "suspend", "to be suspended");

  assert.equal(code, 0);
  assert.equal((await events).at(-1)?.event, "gone");
  assert.equal((await visitor.get("/")).location, "/login");
  assert.equal((await visitor.logIn("to be suspended", PASSWORD)).status, 401);
});

test("a person who is restored may log in again", async () => {
  const visitor = await app.signedIn("to be restored");
  await task("user", "suspend", "to be restored");
  await task("user", "restore", "to be restored");
  assert.equal((await visitor.logIn("to be restored", PASSWORD)).status, 303);
});

test("the last administrator stays one", async () => {
  for (const verb of ["demote", "suspend"]) {
    const { code, output } = await task("user", verb, "founder");
    assert.equal(code, 1);
    assert.match(output, /last administrator/);
  }
});

test("a reset link sets a new password once", async () => {
  await app.signedIn("forgetful");
  const { output } = await task("user", "reset-link", "forgetful");
  const link = /\/password-resets\/\S+/.exec(output)?.[0] ?? "";
  const visitor = app.visitor();
  await visitor.post(link, { password: "another plain passphrase" });

  assert.equal((await visitor.logIn("forgetful", "another plain passphrase")).status, 303);
  assert.equal((await visitor.get(link)).status, 404);
});

test("a name that nobody has is said to be one", async () => {
  const { code, output } = await task("user", "promote", "nobody");
  assert.equal(code, 1);
  assert.match(output, /Nobody is called nobody/);
});
