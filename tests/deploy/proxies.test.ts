import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Agent, setGlobalDispatcher } from "undici";
import { PASSWORD } from "../support/app.js";
import { parseExposition } from "../support/exposition.js";
import * as scenario from "../support/fake-deepseek.js";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { freePort } from "../support/ports.js";
import { without } from "../support/programs.js";
import { type ProxyKind, proxies } from "../support/proxy.js";
import { type ServerProcess, startServer } from "../support/server.js";
import { Visitor } from "../support/visitor.js";

const METRICS_TOKEN = "a-token-for-prometheus";
const top = mkdtempSync(path.join(os.tmpdir(), "aifacade-proxies-"));
after(() => rmSync(top, { recursive: true, force: true }));

const skips = {
  caddy: without("caddy"),
  nginx: without("nginx", "openssl"),
};

/** AIFacade behind a proxy, with what a test needs of both. */
interface Site {
  url: string;
  httpUrl: string;
  certificate: string;
  server: ServerProcess;
  fake: scenario.FakeDeepSeek;
  /** Where it listens behind the proxy. */
  inside: string;
  restart(): Promise<void>;
  /** Somebody who is logged in. */
  visitor(): Promise<Visitor>;
}

const certificates: string[] = [];

// All of them before the first test: once the tests there are have ended, the runner tidies up.
const sites = new Map<ProxyKind, Site>();
for (const kind of proxies) {
  if (!skips[kind.name]) sites.set(kind, await open(kind));
}

for (const kind of proxies) {
  const story = (name: string, tell: (site: Site) => Promise<void>) =>
    test(`behind ${kind.name}, ${name}`, { skip: skips[kind.name] }, () =>
      tell(sites.get(kind) as Site),
    );

  story(
    "people register, log in and log out; cookies and HSTS are those of https",
    async (site) => {
      const ada = new Visitor(site.url);
      const page = await register(site, ada, "ada");
      assert.match(String(page.headers.get("set-cookie")), /__Host-aifacade=[^;]+;.*Secure/);
      assert.match(String(page.headers.get("strict-transport-security")), /max-age=31536000/);
      assert.equal((await ada.get("/account")).status, 200);

      await ada.post("/logout");
      assert.equal((await ada.logIn("ada", PASSWORD)).status, 303);
      assert.equal(
        (await new Visitor(site.url).get("/conversations")).location,
        "/login?next=%2Fconversations",
      );
    },
  );

  story("plain http leads to https", async (site) => {
    const { httpUrl } = site;
    const { status, headers } = await fetch(`${httpUrl}/login`, { redirect: "manual" });
    assert.ok([301, 308].includes(status));
    assert.match(String(headers.get("location")), /^https:\/\//);
  });

  story("an answer arrives as it is written, not at its end", async (site) => {
    const { fake, visitor } = site;
    const ada = await visitor();
    fake.next(scenario.answer({ content: "word ".repeat(30), tokenMs: 60 }));
    const page = await ada.get(await ada.ask("Slowly, please"));
    const times: number[] = [];
    const events = await ada.events(String(page.$("message-stream").attr("src")), () => {
      times.push(performance.now());
      return false;
    });

    assert.equal(events.at(-1)?.event, "done");
    const patches = times.filter((_, index) => events[index]?.event === "patch");
    assert.ok(patches.length >= 10, `${patches.length} patches`);
    assert.ok(Number(patches.at(-1)) - Number(patches[0]) > 700, "they came all at once");
  });

  story(
    "the page without JavaScript grows, also for a browser that takes it compressed",
    async (site) => {
      const { fake, visitor, url } = site;
      const ada = await visitor();
      const paragraphs = Array.from({ length: 12 }, (_, index) => `Paragraph ${index}.\n\n`);
      fake.next(
        scenario.stream(
          [
            scenario.wire.opening(),
            ...paragraphs.map(scenario.wire.content),
            scenario.wire.finish("stop"),
            scenario.wire.DONE,
          ],
          { tokenMs: 120 },
        ),
      );
      const conversation = await ada.ask("Paragraphs, please");
      const response = await fetch(`${url}${conversation}/live`, {
        headers: {
          Cookie: cookieOf(ada),
          "User-Agent": ada.userAgent,
          "Accept-Encoding": "gzip, br",
        },
      });
      const arrivals = await arrivalsOf(response, /Paragraph \d+/g);

      assert.equal(arrivals.length, 12);
      assert.ok(Number(arrivals.at(-1)) - Number(arrivals[0]) > 500, "it came all at once");
    },
  );

  story(
    "a silent answer shows its signs of life, and its reader's leaving is noticed",
    async (site) => {
      const { fake, visitor, inside, url } = site;
      const ada = await visitor();
      const page = await ada.get(await ada.ask("chaos:hold@1"));
      const response = await fetch(`${url}${page.$("message-stream").attr("src")}`, {
        headers: {
          Cookie: cookieOf(ada),
          "User-Agent": ada.userAgent,
          Accept: "text/event-stream",
        },
      });
      await until(async () => (await readersAt(inside)) === 1);
      const heard = await arrivalsOf(response, /^: alive$/gm, 1);

      assert.equal(heard.length, 1, "no sign of life");
      // Having heard one, the reader hung up.
      await until(async () => (await readersAt(inside)) === 0);
      fake.release();
    },
  );

  story("the largest question passes, and what is too much gets our own page", async (site) => {
    const { visitor } = site;
    const ada = await visitor();
    const largest = await ada.post("/chat", { prompt: "\u{1F600}".repeat(32_000) });
    const beyond = await ada.post("/chat", { prompt: "x".repeat(600 * 1024) });

    assert.equal(largest.status, 303);
    assert.equal(beyond.status, 413);
    assert.match(beyond.words("main"), /That is too much to send at once/);
  });

  story(
    "limits and log go by the address of whoever asks, which nobody can forge",
    async (site) => {
      const forged = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Client-IP"];
      const statuses = [];
      for (let count = 0; count < 8; count += 1) {
        const address = `192.0.2.${count}`;
        const headers = Object.fromEntries(
          forged.map((name) => [name, name === "Forwarded" ? `for=${address}` : address]),
        );
        statuses.push(await wrongLogin(site, "127.0.0.3", headers));
      }

      assert.deepEqual(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
      assert.equal(await wrongLogin(site, "127.0.0.4", {}), 401);
    },
  );

  story("metrics are not for those who come through it", async (site) => {
    const { url } = site;
    assert.equal((await new Visitor(url).get("/metrics")).status, 404);
  });

  story("a restart is a pause, or a page that says so; readers come back", async (site) => {
    const ada = await site.visitor();
    const conversation = await ada.ask("chaos:stall@3");
    const page = await ada.get(conversation);
    const reading = ada.events(String(page.$("message-stream").attr("src")));
    await pause(500);
    await site.server.end("SIGTERM");
    assert.equal((await reading).at(-1)?.event, "restarting");

    const [meanwhile, sent] = await Promise.all([
      ada.get(conversation),
      ada.post("/chat", { prompt: "Lost?" }),
    ]);
    assert.equal(meanwhile.status, 503);
    assert.equal(meanwhile.words("h1"), "One moment, please");
    assert.equal(meanwhile.headers.get("retry-after"), "5");
    assert.equal(meanwhile.headers.get("refresh"), "5");
    assert.equal(sent.status, 503);
    assert.equal(sent.headers.get("refresh"), null);

    const waiting = ada.get(conversation);
    await site.restart();
    assert.equal((await waiting).status, kind.name === "caddy" ? 200 : 503);
    assert.equal((await ada.get(conversation)).status, 200);
    assert.equal(await site.server.end("SIGTERM"), 0);
  });
}

async function open(kind: ProxyKind): Promise<Site> {
  const [httpPort, httpsPort, upstreamPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const folder = path.join(top, kind.name);
  mkdirSync(folder, { recursive: true });
  const url = `https://localhost:${httpsPort}`;
  const fake = await startFakeDeepSeek();
  after(() => fake.close());
  const settings = {
    DATABASE_URL: `file:${folder}/data/test.db`,
    DEEPSEEK_BASE_URL: fake.url,
    DEEPSEEK_API_KEY: "sk-test-0123456789abcdef",
    PUBLIC_URL: url,
    TRUST_PROXY: "1",
    METRICS_TOKEN,
    PORT: String(upstreamPort),
    LIMIT_LOGINS_PER_15_MINUTES: "5",
    LIMIT_QUESTIONS_PER_MINUTE: "100",
    LIMIT_RUNNING_PER_PERSON: "20",
  };

  const certificate = await kind.start({ httpPort, httpsPort, upstreamPort, folder });
  certificates.push(certificate);
  setGlobalDispatcher(new Agent({ connect: { ca: [...certificates] } }));
  let people: Promise<Visitor> | null = null;
  const site: Site = {
    url,
    httpUrl: `http://localhost:${httpPort}`,
    inside: `http://127.0.0.1:${upstreamPort}`,
    certificate,
    fake,
    server: await startServer(settings),
    restart: async () => {
      site.server = await startServer(settings);
    },
    visitor: () => {
      people ??= somebody(site);
      return people;
    },
  };
  return site;
}

async function somebody(site: Site): Promise<Visitor> {
  const visitor = new Visitor(site.url);
  await register(site, visitor, "grace");
  return visitor;
}

async function register(site: Site, visitor: Visitor, username: string) {
  const [, setupToken = ""] = /Setup token.*: (\S+)/.exec(site.server.output()) ?? [];
  const page = await visitor.post("/register", { username, password: PASSWORD, setupToken });
  assert.equal(page.status, 303, page.words("main"));
  return page;
}

function cookieOf(visitor: Visitor): string {
  return [...visitor.cookies].map((pair) => pair.join("=")).join("; ");
}

/** When each match of a pattern arrived; leaves off at the nth. */
async function arrivalsOf(response: Response, pattern: RegExp, enough = Number.POSITIVE_INFINITY) {
  const decoder = new TextDecoder();
  const arrivals: number[] = [];
  let text = "";

  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    const found = text.match(pattern)?.length ?? 0;
    while (arrivals.length < found) arrivals.push(performance.now());
    if (arrivals.length >= enough) break;
  }
  return arrivals;
}

async function until(condition: () => Promise<boolean>) {
  const end = performance.now() + 5000;
  while (!(await condition())) {
    assert.ok(performance.now() < end, String(condition));
    await pause(50);
  }
}

async function readersAt(inside: string): Promise<number> {
  const headers = { Authorization: `Bearer ${METRICS_TOKEN}` };
  const page = await fetch(`${inside}/metrics`, { headers });
  const families = parseExposition(await page.text());
  return families.get("aifacade_readers")?.samples[0]?.value ?? Number.NaN;
}

// From another address of this machine, as another client.
async function wrongLogin(site: Site, localAddress: string, headers: Record<string, string>) {
  const body = new URLSearchParams({ username: randomUUID(), password: "wrong" }).toString();
  const request = https.request(`${site.url}/login`, {
    method: "POST",
    host: "127.0.0.1",
    servername: "localhost",
    localAddress,
    ca: site.certificate,
    agent: false,
    headers: {
      Host: new URL(site.url).host,
      Origin: site.url,
      "Content-Type": "application/x-www-form-urlencoded",
      "Content-Length": body.length,
      ...headers,
    },
  });
  request.end(body);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}
