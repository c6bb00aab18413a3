import net from "node:net";

/** An answer as far as a load generator reads it: bytes are counted, the body is kept where asked for. */
export interface Answer {
  status: number;
  head: string;
  bytes: number;
  body: string;
}

interface Pending {
  keep: boolean;
  head: string | null;
  status: number;
  left: number;
  bytes: number;
  kept: Buffer[];
  tail: Buffer;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

const CHUNKED = -1;
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

/** One keep-alive connection, one request at a time, with as little work for each as can be. */
export class Connection {
  readonly #socket: net.Socket;
  readonly #host: string;
  #pending: Pending | null = null;
  #early: Buffer = Buffer.alloc(0);
  #onBytes: ((bytes: Buffer) => void) | null = null;
  #onEnd: (() => void) | null = null;
  #tail: Buffer = Buffer.alloc(0);
  #reason = "the server hung up";
  #line = "";
  isOpen = true;

  constructor(url: string) {
    const { hostname, port, host } = new URL(url);
    this.#host = host;
    this.#socket = net.connect({ host: hostname, port: Number(port), noDelay: true });
    this.#socket.on("data", (bytes) => this.#take(bytes));
    this.#socket.on("error", ({ message }) => {
      this.#reason = message;
    });
    this.#socket.on("close", () => this.#closed());
  }

  /** Sends a request and reads its answer to the end. */
  request(line: string, headers: string, body = "", keep = false): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#pending = {
        ...{ keep, head: null, status: 0, left: 0, bytes: 0, kept: [], tail: Buffer.alloc(0) },
        ...{ resolve, reject },
      };
      if (this.isOpen) this.#send(line, headers, body);
      else this.#fail();
    });
  }

  /** Sends a request whose answer does not end soon: hands over all bytes after its head as they come. */
  follow(line: string, headers: string, onBytes: (bytes: Buffer) => void, onEnd: () => void) {
    this.#tail = Buffer.alloc(0);
    this.#onBytes = onBytes;
    this.#onEnd = onEnd;
    this.#send(line, headers, "");
  }

  close() {
    this.#socket.destroy();
  }

  #send(line: string, headers: string, body: string) {
    this.#line = line;
    const form =
      body === ""
        ? ""
        : `Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ${Buffer.byteLength(body)}\r\n`;
    this.#socket.write(`${line} HTTP/1.1\r\nHost: ${this.#host}\r\n${headers}${form}\r\n${body}`);
  }

  #take(bytes: Buffer) {
    if (this.#onBytes) this.#handOver(bytes);
    else if (this.#pending) this.#read(this.#pending, bytes);
  }

  #handOver(bytes: Buffer) {
    this.#onBytes?.(bytes);
    this.#tail = tailOf(this.#tail, bytes);
    if (!this.#tail.equals(LAST_CHUNK)) return;

    const onEnd = this.#onEnd;
    this.#onBytes = null;
    this.#onEnd = null;
    onEnd?.();
  }

  #read(pending: Pending, bytes: Buffer) {
    let body = bytes;

    if (pending.head === null) {
      const all = this.#early.length === 0 ? bytes : Buffer.concat([this.#early, bytes]);
      const end = all.indexOf("\r\n\r\n");
      if (end === -1) {
        this.#early = all;
        return;
      }
      this.#early = Buffer.alloc(0);
      pending.head = all.toString("latin1", 0, end);
      pending.status = Number(pending.head.slice(9, 12));
      pending.left = lengthIn(pending.head);
      body = all.subarray(end + 4);
    }

    pending.bytes += body.length;
    if (pending.keep) pending.kept.push(body);
    if (pending.left === CHUNKED) {
      pending.tail = tailOf(pending.tail, body);
      if (pending.tail.equals(LAST_CHUNK)) this.#settle(pending);
    } else if (pending.bytes >= pending.left) {
      this.#settle(pending);
    }
  }

  #settle(pending: Pending) {
    const { status, head, bytes, kept } = pending;
    this.#pending = null;
    if (/^connection: close/im.test(head ?? "")) this.isOpen = false;
    pending.resolve({ status, head: head ?? "", bytes, body: Buffer.concat(kept).toString() });
  }

  #closed() {
    this.isOpen = false;
    this.#onEnd?.();
    this.#fail();
  }

  #fail() {
    const pending = this.#pending;
    this.#pending = null;
    pending?.reject(new Error(`${this.#line}: ${this.#reason}`));
  }
}

function tailOf(before: Buffer, bytes: Buffer): Buffer {
  if (bytes.length >= LAST_CHUNK.length) return bytes.subarray(-LAST_CHUNK.length);
  return Buffer.concat([before, bytes]).subarray(-LAST_CHUNK.length);
}

function lengthIn(head: string): number {
  const length = /^content-length: (\d+)/im.exec(head)?.[1];
  if (length !== undefined) return Number(length);
  return /^transfer-encoding: chunked/im.test(head) ? CHUNKED : 0;
}
