import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { guards, routesFor } from "../../house/routes.js";
import { PASSWORD } from "../../support/app.js";
import { type Family, parseExposition, type Sample } from "../../support/exposition.js";
import * as scenario from "../../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../../support/fake-deepseek.js";
import { freePort } from "../../support/ports.js";
import { send } from "../../support/raw.js";
import { startServer } from "../../support/server.js";

const TOKEN = "a-token-for-prometheus";
const fake = await startFakeDeepSeek();
const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-metrics-"));
after(async () => {
  await fake.close();
  rmSync(folder, { recursive: true, force: true });
});

const server = await startServer(settings("open"));
const ada = server.visitor();
await ada.register("ada", PASSWORD);

function settings(name: string, more: Record<string, string> = {}) {
  return {
    DATABASE_URL: `file:${folder}/${name}/test.db`,
    DEEPSEEK_BASE_URL: fake.url,
    DEEPSEEK_API_KEY: "sk-canary-key",
    ...more,
  };
}

async function scrape(): Promise<Map<string, Family>> {
  const page = await server.visitor().get("/metrics");
  assert.equal(page.status, 200);
  return parseExposition(page.html);
}

async function sumOf(name: string, labels: Record<string, string> = {}): Promise<number> {
  const samples = [...(await scrape()).values()].flatMap((family) => family.samples);
  return samples.filter((sample) => isAbout(sample, name, labels)).reduce((n, s) => n + s.value, 0);
}

function isAbout(sample: Sample, name: string, labels: Record<string, string>): boolean {
  return (
    sample.name === name &&
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value)
  );
}

test("what it tells is Prometheus' text format, with names that follow its conventions", async () => {
  const page = await server.visitor().get("/metrics");
  const families = parseExposition(page.html);
  const ours = [...families].filter(([name]) => name.startsWith("aifacade_"));

  assert.equal(page.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.equal(page.headers.get("cache-control"), "no-store");
  assert.ok(ours.length > 10);
  for (const [name, { type, help }] of ours) {
    assert.match(name, /^[a-z][a-z0-9_]*$/);
    assert.match(help, /^[A-Z1].*\.$/, name);
    assert.equal(name.endsWith("_total"), type === "counter", name);
    if (type === "histogram") assert.match(name, /_(seconds|bytes)$/);
  }
  for (const name of [
    "process_cpu_seconds_total",
    "process_resident_memory_bytes",
    "process_open_fds",
    "nodejs_eventloop_lag_p99_seconds",
    "nodejs_gc_duration_seconds",
  ]) {
    assert.ok(families.has(name), name);
  }
});

test("an answer is counted when it begins, while it runs and when it ends, with its tokens", async () => {
  const path = await ada.ask("chaos:hold@3");
  const page = await ada.get(path);
  const reading = ada.events(String(page.$("message-stream").attr("src")));
  while ((await sumOf("aifacade_readers")) < 1);
  assert.equal(await sumOf("aifacade_answers_running"), 1);
  fake.release();
  await reading;
  await ada.talk("A whole answer");

  assert.equal(await sumOf("aifacade_answers_running"), 0);
  assert.equal(await sumOf("aifacade_readers"), 0);
  assert.equal(await sumOf("aifacade_answers_started_total"), 2);
  const complete = { state: "complete", failure: "none" };
  assert.equal(await sumOf("aifacade_answers_ended_total", complete), 2);
  assert.equal(await sumOf("aifacade_answer_first_token_seconds_count"), 2);
  assert.equal(await sumOf("aifacade_answer_duration_seconds_count"), 2);
  assert.ok((await sumOf("aifacade_tokens_total", { kind: "answer" })) > 0);
  assert.ok((await sumOf("aifacade_tokens_total", { kind: "prompt_uncached" })) > 0);
});

test("an answer that fails is counted under what went wrong, and what was tried again too", async () => {
  fake.next(scenario.status(401, scenario.wire.complaint("No")));
  await ada.talk("Refused?");
  fake.next(scenario.status(503));
  await ada.talk("Busy?");

  const failed = { state: "failed", failure: "unauthorized" };
  assert.equal(await sumOf("aifacade_answers_ended_total", failed), 1);
  assert.equal(await sumOf("aifacade_upstream_retries_total", { failure: "overloaded" }), 1);
});

test("requests are counted under the pattern of their route, whatever their path was", async () => {
  const conversation = await ada.ask("For its address");
  const before = await sumOf("aifacade_http_request_duration_seconds_count");
  await ada.get(conversation);
  await ada.get(`${conversation}/live`);
  await ada.get(`/canary-path-${Math.random()}`);
  await ada.get("/conversations/canary/canary/canary");
  await ada.get("/assets/canary/canary.js");
  await ada.get("/password-resets/canary-token");
  for (const { method, path } of routesFor("user", "nobody", "anybody", "operator")) {
    if (!path.startsWith("/generations")) await server.visitor().request(path, { method });
  }

  const requests = (await scrape()).get("aifacade_http_request_duration_seconds")?.samples ?? [];
  const routes = new Set(requests.map(({ labels }) => labels.route));
  assert.ok((await sumOf("aifacade_http_request_duration_seconds_count")) >= before + 20);
  for (const route of ["/", "/chat", "/login", "/metrics", "/conversations/:id", "(none)"]) {
    assert.ok(routes.has(route), route);
  }
  assert.ok(routes.has("/conversations/:conversationId/live"));
  assert.ok(routes.size <= Object.keys(guards).length, [...routes].join());
  for (const route of routes) assert.match(String(route), /^(\(none\)|\/|(\/:?[a-z.-]+)+)$/i);
});

test("labels take few values, and nothing of people, their words or the key is in them", async () => {
  const page = await server.visitor().get("/metrics");
  const samples = [...parseExposition(page.html).values()].flatMap((family) => family.samples);

  assert.ok(samples.length < 2_000, `${samples.length} series`);
  assert.doesNotMatch(page.html, /canary|\bada\b|127\.0\.0\.1|sk-/);
  for (const { labels } of samples) {
    for (const [name, value] of Object.entries(labels)) {
      assert.doesNotMatch(
        value,
        /(?=.*\d)(?=.*[A-Z])[\w-]{20}/,
        `${name}="${value}" looks like an id`,
      );
    }
  }
});

test("it is quick, also when everything has happened", async () => {
  const durations: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    const before = performance.now();
    await scrape();
    durations.push(performance.now() - before);
  }
  assert.ok(Math.min(...durations) < 100, durations.join());
});

test("without a token it is for this machine alone: through a proxy, or by another name, there is nothing", async () => {
  const nothing = await send(server.url, "/nothing-is-here");

  for (const headers of [
    { "X-Forwarded-For": "203.0.113.7" },
    { "X-Forwarded-For": "127.0.0.1" },
    { "X-Forwarded-Proto": "https" },
    { "X-Forwarded-Host": "localhost" },
    { "X-Real-IP": "127.0.0.1" },
    { Forwarded: "for=127.0.0.1" },
    { Via: "1.1 proxy" },
    { Host: "evil.example" },
    { Host: "127.0.0.1.evil.example" },
    { Host: "10.0.0.1:3000" },
  ]) {
    const answer = await send(server.url, "/metrics", { headers });
    assert.equal(answer.status, 404, JSON.stringify(headers));
    assert.equal(answer.headers["content-type"], nothing.headers["content-type"]);
  }
  for (const host of ["localhost", "localhost:3000", "[::1]:3000", "127.0.0.1"]) {
    assert.equal((await send(server.url, "/metrics", { headers: { Host: host } })).status, 200);
  }
});

const proxies: Record<string, string>[] = [
  { TRUST_PROXY: "loopback" },
  { PUBLIC_URL: "https://chat.example.org", TRUST_PROXY: "1" },
  { PUBLIC_URL: "http://localhost:8080" },
];

for (const behind of proxies) {
  test(`without a token it is for nobody behind a proxy, which may add nothing: ${Object.keys(behind)}`, async () => {
    const PORT = String(await freePort());
    const proxied = await startServer(settings("behind a proxy", { ...behind, PORT }));
    const bare = await send(`http://127.0.0.1:${PORT}`, "/metrics");
    assert.equal(bare.status, 404);
    await proxied.end("SIGTERM");
  });
}

test("with a token it is for whoever has it, from anywhere, and for nobody else", async () => {
  const guarded = await startServer(settings("token", { METRICS_TOKEN: TOKEN, TRUST_PROXY: "1" }));
  const statusWith = async (headers: Record<string, string>) =>
    (await guarded.visitor().get("/metrics", headers)).status;

  assert.equal(await statusWith({}), 404);
  for (const wrong of ["Bearer", `Bearer ${TOKEN}x`, TOKEN, `Basic ${TOKEN}`, "Bearer undefined"]) {
    assert.equal(await statusWith({ Authorization: wrong }), 404, wrong);
  }
  const right = { Authorization: `Bearer ${TOKEN}` };
  assert.equal(await statusWith(right), 200);
  assert.equal(await statusWith({ ...right, "X-Forwarded-For": "203.0.113.7" }), 200);
  assert.equal((await guarded.visitor().get(`/metrics?token=${TOKEN}`)).status, 404);
  assert.ok(!guarded.output().includes(TOKEN));
});
