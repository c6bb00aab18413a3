import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { openEventStream, whenClosed } from "../../src/lib/event-stream.js";

let answer: (response: ServerResponse) => unknown = () => {};
const server = createServer((_request, response) => void answer(response)).listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;
after(() => server.close());

function reader() {
  const socket = connect(port, "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  return socket;
}

async function responseOf(socket: ReturnType<typeof reader>): Promise<ServerResponse> {
  const response = await new Promise<ServerResponse>((resolve) => {
    answer = resolve;
  });
  assert.ok(!socket.destroyed);
  return response;
}

test("whatever an event holds, it stays one event", async () => {
  const data = { text: "a\n\nevent: done\r\rdata: {}\u2028\u0000🦊" };
  answer = (response) => {
    const stream = openEventStream(response);
    stream.send("patch", data, "run-1");
    stream.end();
  };
  const response = await fetch(`http://127.0.0.1:${port}`);
  const events: EventSourceMessage[] = [];
  createParser({ onEvent: (event) => events.push(event) }).feed(await response.text());

  assert.equal(response.headers.get("cache-control"), "no-store, no-transform");
  assert.deepEqual(events, [{ event: "patch", id: "run-1", data: JSON.stringify(data) }]);
});

test("nothing breaks when somebody sends after the end, or ends twice", async () => {
  answer = (response) => {
    const stream = openEventStream(response);
    stream.end();
    stream.send("patch", {});
    stream.end();
  };
  assert.match(await (await fetch(`http://127.0.0.1:${port}`)).text(), /^retry: \d+\n\n$/);
});

test("a reader who is gone is noticed, before the stream is opened or after", async () => {
  const socket = reader();
  const response = await responseOf(socket);
  const told: string[] = [];
  whenClosed(response, () => told.push("then"));
  socket.destroy();
  await once(response, "close");
  whenClosed(response, () => told.push("already"));

  assert.deepEqual(told, ["then", "already"]);
});

test("a stream is congested while more than a mebibyte waits for its reader", async () => {
  const socket = reader();
  socket.pause();
  const response = await responseOf(socket);
  const stream = openEventStream(response);
  assert.equal(stream.congested, false);

  for (let sent = 0; sent < 16; sent += 1) stream.send("patch", "x".repeat(1024 * 1024));
  assert.equal(stream.congested, true);
  socket.resume();
  while (stream.congested) await pause(5);
  stream.end();
  socket.destroy();
});

test("a reader who never takes the rest is cut off", async (t) => {
  const socket = reader();
  socket.pause();
  const response = await responseOf(socket);
  const stream = openEventStream(response);
  stream.send("patch", "x".repeat(16 * 1024 * 1024));

  t.mock.timers.enable({ apis: ["setTimeout"] });
  stream.end();
  assert.ok(stream.congested);
  t.mock.timers.tick(30_000);
  await once(response, "close");
  socket.destroy();
});
