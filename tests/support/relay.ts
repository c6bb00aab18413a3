import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { Transform, type TransformCallback } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";

/** A wire between the server and its upstream that can be cut, and on which each request can be poisoned. */
export interface Relay {
  url: string;
  /** Nobody listens any more, and what was connected is reset. */
  down(): void;
  up(): Promise<void>;
  close(): void;
}

type Toxic = (bytes: Buffer, wire: Wire) => Promise<Buffer | null>;

interface Wire {
  number: number;
  /** How many bytes of the answer have passed. */
  passed: number;
  client: net.Socket;
  push(bytes: Buffer): void;
}

/** Toxiproxy's toxics (https://github.com/Shopify/toxiproxy#toxics), by the directive `toxic:name@number` in a prompt. */
const TOXICS: Record<string, Toxic> = {
  /** Milliseconds before each piece. */
  latency: async (bytes, { number }) => {
    await pause(number);
    return bytes;
  },
  /** Bytes a second. */
  bandwidth: async (bytes, { number }) => {
    await pause((bytes.length / number) * 1000);
    return bytes;
  },
  /** Pieces of so many bytes. */
  slicer: async (bytes, wire) => {
    for (let start = 0; start < bytes.length; start += wire.number) {
      wire.push(bytes.subarray(start, start + wire.number));
      await pause(1);
    }
    return null;
  },
  /** Nothing comes any more after so many bytes, and the connection stays open. */
  timeout: async (bytes, wire) => untilByte(bytes, wire, () => {}),
  /** The connection ends after so many bytes. */
  limit_data: async (bytes, wire) => untilByte(bytes, wire, () => wire.client.end()),
  /** The connection is reset after so many bytes. */
  reset_peer: async (bytes, wire) =>
    untilByte(bytes, wire, () => void setTimeout(() => wire.client.resetAndDestroy(), 30)),
};

export async function startRelay(upstreamUrl: string): Promise<Relay> {
  const target = new URL(upstreamUrl);
  const sockets = new Set<net.Socket>();
  let listener = net.createServer();

  async function listen(port: number) {
    listener = net.createServer((client) => connect(client, target, sockets));
    listener.listen(port, "127.0.0.1");
    await once(listener, "listening");
    return (listener.address() as AddressInfo).port;
  }

  function down() {
    listener.close();
    for (const socket of sockets) socket.resetAndDestroy();
  }

  const port = await listen(0);
  return {
    url: `http://127.0.0.1:${port}`,
    down,
    up: async () => void (await listen(port)),
    close: down,
  };
}

function connect(client: net.Socket, target: URL, sockets: Set<net.Socket>) {
  const upstream = net.connect(Number(target.port), target.hostname);
  for (const socket of [client, upstream]) {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  }
  client.on("close", () => upstream.destroy());
  upstream.on("close", () => client.end());

  const poison = { name: "", number: 0, passed: 0 };
  client.on("data", (bytes) => {
    const text = bytes.toString("latin1");
    if (text.startsWith("POST ")) Object.assign(poison, { name: "", passed: 0 });
    const [, name, number] = /toxic:(\w+)@(\d+)/.exec(text) ?? [];
    if (name) Object.assign(poison, { name, number: Number(number) });
  });
  client.pipe(upstream, { end: false });
  upstream.pipe(poisoned(client, poison)).pipe(client);
}

function poisoned(
  client: net.Socket,
  poison: { name: string; number: number; passed: number },
): Transform {
  return new Transform({
    transform(bytes: Buffer, _encoding, done: TransformCallback) {
      const toxic = TOXICS[poison.name] ?? (async (all: Buffer) => all);
      const wire: Wire = { ...poison, client, push: (piece) => this.push(piece) };
      toxic(bytes, wire).then(
        (rest) => done(null, rest ?? undefined),
        (error: Error) => done(error),
      );
      poison.passed += bytes.length;
    },
  });
}

async function untilByte(bytes: Buffer, wire: Wire, end: () => void): Promise<Buffer> {
  const left = Math.max(0, wire.number - wire.passed);
  if (bytes.length > left) end();
  return bytes.subarray(0, left);
}
