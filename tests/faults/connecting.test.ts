import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import net, { type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { startFakeDeepSeek } from "../support/fake-deepseek.js";
import { outcomeOf, question, startBench, withControl } from "../support/faults.js";
import { without } from "../support/programs.js";

const UNREACHABLE = "The model's server could not be reached.";
const INSECURE =
  "The connection to the model's server is not secure, so nothing was sent. Please tell your administrator.";

const folder = mkdtempSync(path.join(os.tmpdir(), "aifacade-certificates-"));
after(() => rmSync(folder, { recursive: true, force: true }));

test("connections that cannot be made: who is being answered already does not notice", {
  skip: without("openssl"),
}, async (group) => {
  const fake = await startFakeDeepSeek();
  after(() => fake.close());
  const doors = await openDoors(fake.url);
  const bench = await startBench({
    fake,
    settings: {
      DEEPSEEK_BASE_URL: `https://localhost:${doors.port}`,
      DEEPSEEK_TOTAL_TIMEOUT_MS: "60000",
      NODE_EXTRA_CA_CERTS: doors.trusted,
    },
  });
  const ada = await bench.person("ada");

  await withControl(
    group,
    bench,
    async () => {
      await group.test("F-01 connection refused", async () => {
        doors.close();
        const before = performance.now();
        const seen = await outcomeOf(bench, ada, question("nobody listens"));
        const tookMs = performance.now() - before;
        await doors.open("good");

        assert.equal(seen.sentence, UNREACHABLE);
        assert.equal(seen.button, "Try again");
        assert.deepEqual(
          [seen.row.state, seen.row.failure, seen.row.body],
          ["failed", "unreachable", ""],
        );
        assert.ok(tookMs < 4000, `${tookMs} ms with two more attempts`);
      });

      await group.test(
        "F-01 connection refused, then not: the next attempt gets through",
        async () => {
          doors.close();
          const path = await ada.ask(question("nobody listens yet"));
          await doors.open("good");

          assert.match((await ada.settled(path)).words(".message--answer"), /You asked/);
        },
      );

      for (const [door, what] of Object.entries(BAD_DOORS)) {
        await group.test(`F-03 ${what}: nothing is sent`, async () => {
          const heardBefore = doors.heard();
          doors.use(door);
          const seen = await outcomeOf(bench, ada, question(what));
          doors.use("good");

          assert.equal(seen.sentence, INSECURE);
          assert.deepEqual(
            [seen.row.state, seen.row.failure, seen.row.body],
            ["failed", "insecure", ""],
          );
          assert.equal(doors.connections(door), 1, "there is no second attempt");
          assert.equal(doors.heard(), heardBefore);
          assert.doesNotMatch(doors.plainBytes(), /Bearer|sk-test|Question/);
        });
      }

      await group.test("F-03 a certificate that is trusted and fits works", async () => {
        const seen = await outcomeOf(bench, ada, question("all is well"));
        assert.equal(seen.row.state, "complete");
      });
    },
    { answerMs: 60_000 },
  );
});

test("F-02 a name that does not resolve", async () => {
  const bench = await startBench({
    settings: { DEEPSEEK_BASE_URL: "https://nonexistent.invalid" },
  });
  const ada = await bench.person("ada");
  const seen = await outcomeOf(bench, ada, question("where are you?"));

  assert.equal(seen.sentence, UNREACHABLE);
  assert.equal(seen.button, "Try again");
  assert.deepEqual([seen.row.state, seen.row.failure], ["failed", "unreachable"]);
  assert.match(seen.page.words(".message--question"), /where are you\?/);
});

const BAD_DOORS = {
  selfSigned: "a self-signed certificate",
  expired: "an expired certificate",
  wrongHost: "another host's certificate",
  oldTls: "TLS 1.0",
  plain: "plain HTTP where TLS should be",
};

/** One port with many doors: which of them a new connection finds is told by `use`. */
async function openDoors(upstream: string) {
  const good = certificate("good", "localhost");
  const expired = certificate("expired", "localhost", -1);
  const wrongHost = certificate("wrong-host", "example.org");
  const selfSigned = certificate("self-signed", "localhost");
  const trusted = path.join(folder, "trusted.pem");
  writeFileSync(trusted, [good, expired, wrongHost].map(({ cert }) => cert).join("\n"));

  let door = "good";
  let requests = 0;
  let plainBytes = "";
  const connections = new Map<string, number>();
  const relay: http.RequestListener = (request, response) => {
    requests += 1;
    const onward = http.request(`${upstream}${request.url}`, {
      method: request.method,
      headers: request.headers,
    });
    onward.on("response", (answer) => {
      // Each request is to make a connection of its own.
      const headers = { ...answer.headers, connection: "close" };
      response.writeHead(answer.statusCode ?? 502, headers).flushHeaders();
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.on("close", () => onward.destroy());
    request.pipe(onward);
  };
  const servers: Record<string, http.Server> = {
    good: https.createServer(good, relay),
    selfSigned: https.createServer(selfSigned, relay),
    expired: https.createServer(expired, relay),
    wrongHost: https.createServer(wrongHost, relay),
    oldTls: https.createServer(
      { ...good, minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" },
      relay,
    ),
    plain: http.createServer(relay),
  };

  const sockets = new Set<net.Socket>();
  const onConnection = (socket: net.Socket) => {
    sockets.add(socket.on("close", () => sockets.delete(socket)));
    connections.set(door, (connections.get(door) ?? 0) + 1);
    socket.on("error", () => {});
    if (door === "plain") socket.on("data", (bytes) => (plainBytes += bytes.toString("latin1")));
    servers[door]?.emit("connection", socket);
  };
  let listener = net.createServer(onConnection);
  async function listen(port: number) {
    listener = net.createServer(onConnection).listen(port, "localhost");
    await once(listener, "listening");
    return (listener.address() as AddressInfo).port;
  }
  const port = await listen(0);
  after(() => {
    listener.close();
    for (const socket of sockets) socket.destroy();
  });

  return {
    port,
    trusted,
    use: (name: string) => {
      door = name;
    },
    /** What is connected stays connected. */
    close: () => void listener.close(),
    open: async (name: string) => {
      door = name;
      await listen(port);
    },
    /** How many requests came through any door. */
    heard: () => requests,
    plainBytes: () => plainBytes,
    connections: (name: string) => connections.get(name) ?? 0,
  };
}

function certificate(name: string, host: string, days = 2) {
  const [key, request, cert] = ["key", "csr", "pem"].map((end) =>
    path.join(folder, `${name}.${end}`),
  );
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const names = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];

  openssl("req", ...curve, ...names, "-keyout", key, "-out", request);
  openssl(
    ...["x509", "-req", "-in", request, "-signkey", key, "-copy_extensions", "copy"],
    ...["-days", String(days), "-out", cert],
  );
  return { key: readFileSync(String(key), "utf8"), cert: readFileSync(String(cert), "utf8") };
}

function openssl(...args: (string | undefined)[]) {
  const { status, stderr } = spawnSync("openssl", args.map(String), { encoding: "utf8" });
  assert.equal(status, 0, stderr);
}
