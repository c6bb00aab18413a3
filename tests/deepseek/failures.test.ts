import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { type TestContext, test } from "node:test";
import { gzipSync } from "node:zlib";
import { transportFailure } from "../../src/deepseek/failures.js";
import * as scenario from "../support/fake-deepseek.js";
import { wire } from "../support/fake-deepseek.js";
import {
  ask,
  client,
  collect,
  failure,
  fake,
  finish,
  HELLO,
  KEY,
  never,
  retries,
} from "./support.js";

const { complaint } = wire;
const NO_RETRY = { retries: { most: 0 } };

const STATUSES: [status: number, body: object | string, kind: string][] = [
  [400, complaint("The reasoning_content in the thinking mode must be passed back"), "refused"],
  [400, complaint("This model's maximum context length is 1048576 tokens."), "too_long"],
  [400, complaint("too big", { type: "exceed_context_size_error", code: 400 }), "too_long"],
  [400, complaint("Model Not Exist"), "unknown_model"],
  [401, complaint("Authentication Fails, Your api key: ****last is invalid"), "unauthorized"],
  [402, complaint("Insufficient Balance"), "no_credit"],
  [403, "forbidden", "unauthorized"],
  [404, { error: 'model "x" not found, try pulling it first' }, "unknown_model"],
  [404, "404 page not found", "protocol"],
  [413, "", "too_long"],
  [422, { detail: [{ loc: ["body"], msg: "field required" }] }, "refused"],
  [429, complaint("Rate limit reached"), "busy"],
  [429, complaint("You exceeded it", { code: "insufficient_quota" }), "no_credit"],
  [500, { object: "error", message: "Internal", code: 500 }, "upstream_error"],
  [502, "<html>Bad gateway</html>", "upstream_error"],
  [503, complaint("Loading model", { code: 503 }), "overloaded"],
  [504, "", "upstream_error"],
  [529, {}, "overloaded"],
];

for (const [status, body, kind] of STATUSES) {
  test(`${status} ${JSON.stringify(body).slice(0, 60)} is ${kind}`, async () => {
    fake.next(scenario.status(status, body));
    const { kind: found, status: seen, phase } = failure(await ask(NO_RETRY));

    assert.deepEqual([found, seen, phase], [kind, status, "headers"]);
  });
}

const IN_BAND: [error: unknown, kind: string][] = [
  [{ message: "Insufficient Balance", code: "invalid_request_error" }, "no_credit"],
  [{ message: "CUDA error", type: "server_error", code: 500 }, "upstream_error"],
  [{ message: "slow down", code: 429 }, "busy"],
  [{ message: "busy", type: "overloaded_error", code: null }, "overloaded"],
  [{ message: "nope", code: "401" }, "unauthorized"],
  ["model runner has stopped", "upstream_error"],
];

for (const [error, kind] of IN_BAND) {
  test(`${JSON.stringify(error)} within the stream is ${kind}, after the text before it`, async () => {
    fake.next(scenario.stream([wire.content("so far"), { error }, wire.DONE]));
    const answer = await ask();

    assert.deepEqual(
      [answer.text, failure(answer).kind, failure(answer).phase],
      ["so far", kind, "body"],
    );
  });
}

test("an error in place of an answer, with status 200, is an error", async () => {
  fake.next(scenario.unstreamed(complaint("Insufficient Balance")));

  assert.equal(failure(await ask()).kind, "no_credit");
});

test("an error as old llama.cpp writes it is an error", async () => {
  const line =
    'error: {"code":400,"message":"context size exceeded","type":"invalid_request_error"}\n\n';
  fake.next(scenario.stream([wire.content("so far"), line, wire.DONE]));

  assert.equal(failure(await ask()).kind, "too_long");
});

test("an event named error is an error", async () => {
  fake.next(
    scenario.stream([wire.content("so far"), 'event: error\ndata: {"message":"rate limit"}\n\n']),
  );

  assert.equal(failure(await ask()).kind, "busy");
});

test("the request's id is kept, from the header or the words", async () => {
  const said = complaint("no (request_id: 1b-2c)");
  fake.next(scenario.status(400, said, { "x-request-id": "abc-1" }), scenario.status(400, said));

  assert.equal(failure(await ask()).requestId, "abc-1");
  assert.equal(failure(await ask()).requestId, "1b-2c");
});

test("nothing of the key is left in the detail", async () => {
  const words = `key ${KEY}, ****last, Bearer ${KEY}, sk-another1234, ends in last`;
  fake.next(scenario.status(401, complaint(words), { "x-request-id": KEY }));
  const { detail, requestId, message } = failure(await ask());

  assert.doesNotMatch(`${detail} ${requestId} ${message}`, /last|0123456789|another/);
});

test("the detail is one line of bounded length", async () => {
  fake.next(scenario.status(400, `first\nsecond\u0007 ${"long ".repeat(1_000_000)}`));
  const { detail } = failure(await ask());

  assert.match(detail, /^HTTP 400: first second long/);
  assert.ok(detail.length <= 500);
});

test("an HTML page is named, never quoted, whatever its status", async () => {
  for (const status of [200, 403, 503]) {
    fake.next(scenario.htmlPage(status));
    assert.match(failure(await ask(NO_RETRY)).detail, /an HTML page/);
  }
});

test("an HTML page instead of an answer is against the protocol, and not asked for again", async () => {
  fake.next(scenario.htmlPage());

  assert.equal(failure(await ask()).kind, "protocol");
  assert.equal(fake.requests.length, 1);
});

for (const code of [301, 302, 303, 307, 308]) {
  test(`a redirect with ${code} is not followed with the key`, async () => {
    fake.next(scenario.redirect(`${fake.url}/elsewhere?key=${KEY}`, code));
    const { kind, detail } = failure(await ask());

    assert.equal(kind, "protocol");
    assert.match(detail, /elsewhere:/);
    assert.equal(fake.requests.length, 1);
  });
}

test("garbage is against the protocol", async () => {
  fake.next(scenario.garbage());

  assert.equal(failure(await ask()).kind, "protocol");
});

test("a compressed answer is against the protocol: nobody asked for it", async () => {
  for (const encoding of ["gzip", Array(100).fill("gzip").join(", ")]) {
    fake.next(
      scenario.status(200, gzipSync("x").toString("latin1"), { "content-encoding": encoding }),
    );
    assert.equal(failure(await ask()).kind, "protocol");
  }
});

test("a flood of headers is against the protocol", async () => {
  fake.next(scenario.status(200, "", { "content-encoding": Array(5000).fill("gzip").join(", ") }));

  assert.equal(failure(await ask()).kind, "protocol");
});

for (const how of ["fin", "rst"] as const) {
  for (const tokens of [1, 7]) {
    test(`a ${how} after ${tokens} tokens keeps them, and is cut off`, async () => {
      fake.next(scenario.cutAfter(tokens, how));
      const answer = await ask();

      assert.equal(answer.text.trim().split(" ").length, tokens);
      assert.deepEqual([failure(answer).kind, retries(answer).length], ["cut_off", 0]);
    });
  }

  test(`a ${how} before any header is tried again at once`, async () => {
    fake.next(scenario.cutAfter(0, how));
    const answer = await ask();

    assert.equal(finish(answer).reason, "stop");
    assert.deepEqual(
      [retries(answer)[0]?.failure.kind, retries(answer)[0]?.afterMs],
      ["unreachable", 0],
    );
  });
}

test("a clean end without finish reason and [DONE] is cut off", async () => {
  fake.next(scenario.endsEarly(3));
  const answer = await ask();

  assert.deepEqual([answer.text, failure(answer).kind], ["word1 word2 word3 ", "cut_off"]);
});

test("half an event at the end is cut off, with every whole one kept", async () => {
  fake.next(scenario.stream([wire.content("so far"), 'data: {"choices":[{"del']));
  const answer = await ask();

  assert.deepEqual([answer.text, failure(answer).kind], ["so far", "cut_off"]);
});

test("an answer cut in the middle of JSON is not an answer", async () => {
  fake.next(scenario.stream(['{"choices":[{"message":{"content":"so']));

  assert.equal(failure(await ask(NO_RETRY)).kind, "protocol");
});

test("one huge event is refused, however it is cut", async () => {
  fake.next(scenario.giantEvent(1_000_000));

  assert.equal(failure(await ask({ caps: { eventBytes: 100_000 } })).kind, "too_large");
});

test("one huge line is refused", async () => {
  fake.next(scenario.stream(Array(100).fill("x".repeat(10_000))));

  assert.equal(failure(await ask({ caps: { eventBytes: 100_000 } })).kind, "too_large");
});

test("one huge body of JSON is refused", async () => {
  fake.next(scenario.unstreamed({ choices: [{ message: { content: "x".repeat(200_000) } }] }));

  assert.equal(failure(await ask({ caps: { eventBytes: 100_000 } })).kind, "too_large");
});

test("an endless answer is cut at its cap, and the connection closed", async () => {
  fake.next(scenario.endless());
  const answer = await ask({ caps: { answerBytes: 200_000 } });

  assert.equal(failure(answer).kind, "too_large");
  assert.ok(answer.text.length <= 200_000 && answer.text.length > 199_900);
  await scenario.closed(fake.requests[0]);
});

test("where nobody listens is unreachable, after the retries", async () => {
  const { port, server } = await listening(() => {});
  server.close();
  const answer = await ask({ baseUrl: `http://127.0.0.1:${port}` });

  assert.deepEqual([failure(answer).kind, failure(answer).phase], ["unreachable", "connect"]);
  assert.equal(retries(answer).length, 2);
});

test("a name that does not exist is unreachable", async () => {
  assert.equal(
    failure(await ask({ baseUrl: "http://nowhere.invalid", ...NO_RETRY })).kind,
    "unreachable",
  );
});

test("plain HTTP where TLS is expected is insecure, and is not tried again", async () => {
  const answer = await ask({ baseUrl: fake.url.replace("http:", "https:") });

  assert.deepEqual([failure(answer).kind, retries(answer).length], ["insecure", 0]);
  assert.equal(fake.requests.length, 0);
});

test("what does not speak HTTP is against the protocol", async (t) => {
  const { port } = await listening((socket) => socket.end("SSH-2.0-OpenSSH\r\n"), t);

  assert.equal(failure(await ask({ baseUrl: `http://127.0.0.1:${port}` })).kind, "protocol");
});

test("a key that cannot be a header is unauthorized", async () => {
  const { kind, detail } = failure(await ask({ apiKey: "schlüssel\nlang" }));

  assert.equal(kind, "unauthorized");
  assert.doesNotMatch(detail, /schl/);
});

const TRANSPORT: [code: string, phase: "headers" | "body", kind: string][] = [
  ["SELF_SIGNED_CERT_IN_CHAIN", "headers", "insecure"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "headers", "insecure"],
  ["CERT_HAS_EXPIRED", "headers", "insecure"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "headers", "insecure"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "headers", "insecure"],
  ["ERR_SSL_UNSUPPORTED_PROTOCOL", "headers", "insecure"],
  ["EAI_AGAIN", "headers", "unreachable"],
  ["UND_ERR_SOCKET", "headers", "unreachable"],
  ["UND_ERR_SOCKET", "body", "cut_off"],
  ["ETIMEDOUT", "body", "cut_off"],
];

for (const [code, phase, kind] of TRANSPORT) {
  test(`${code} in the ${phase} is ${kind}`, () => {
    assert.equal(transportFailure(Object.assign(new Error("x"), { code }), phase).kind, kind);
  });
}

test("a proxy that refuses is unreachable, though its error is called AbortError", () => {
  const error = Object.assign(new Error("Proxy 407"), {
    name: "AbortError",
    code: "UND_ERR_ABORTED",
  });

  assert.equal(transportFailure(error, "headers").kind, "unreachable");
});

test("a closed client fails, and does not hang", async () => {
  const closed = client(NO_RETRY);
  await closed.close();

  assert.equal(
    failure(await collect(closed.stream(HELLO, { signal: never() }))).kind,
    "unreachable",
  );
});

async function listening(
  onSocket: (socket: Socket) => void,
  t?: TestContext,
): Promise<{ port: number; server: Server }> {
  const server = createServer(onSocket);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t?.after(() => server.close());

  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("No port");
  return { port: address.port, server };
}
