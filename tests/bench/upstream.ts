import { once } from "node:events";
import net, { type AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { event, lastEvents, type Piece, piecesOf } from "./support/pieces.js";
import { stamp } from "./support/stamps.js";
import { serve } from "./support/worker.js";

interface Shape {
  tokens: number;
  tokensPerWrite: number;
}

/**
 * How the upstream answers from now on.
 * - `instant`: a short answer in one write.
 * - `queue`: signs of life and nothing else.
 * - `pace`: so many tokens in one write, every so many milliseconds. `stamped` writes into the answer
 *   when that was; `held` waits for `go`; `prose` has nothing but paragraphs.
 * - `late`: the first token after a while, with the times of its request and of itself; then 30 more.
 * - `flood`: as fast as the reader takes it; `held` as above.
 */
export type Manner =
  | { kind: "instant" }
  | { kind: "queue" }
  | ({ kind: "pace"; everyMs: number; stamped: boolean; held: boolean; prose?: boolean } & Shape)
  | { kind: "late"; afterMs: number }
  | ({ kind: "flood"; held: boolean } & Shape);

interface Writing {
  socket: net.Socket;
  pieces: Piece[];
  next: number;
  stamps: number;
  everyMs: number;
  dueAt: number;
}

const TICK_MS = 5;
const SIGN_OF_LIFE_MS = 10_000;
const BACKLOG = 8192;
const HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const SIGN_OF_LIFE = framed(": keep-alive\n\n");
const MODELS = JSON.stringify({ object: "list", data: [{ id: "bench", name: "Bench" }] });

const writing = new Set<Writing>();
const held: Writing[] = [];
const dammed = new Map<net.Socket, () => void>();
const queued = new Set<net.Socket>();
let manner: Manner = { kind: "instant" };
let asked = 0;
let tokens = 0;

const verbs = serve({ listen, behave, go, counts });

export type UpstreamVerbs = typeof verbs;

setInterval(writeWhatIsDue, TICK_MS);
setInterval(giveSignsOfLife, SIGN_OF_LIFE_MS);

async function listen(): Promise<string> {
  const server = net.createServer({ noDelay: true }, receive).listen(0, "127.0.0.1", BACKLOG);
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function behave(next: Manner) {
  manner = next;
  if (next.kind === "pace") piecesOf(shapeOf(next));
  if (next.kind === "flood") piecesOf(shapeOf(next));
}

/** Lets the answers that were held begin, spread over the time between two writes; late ones do at once. */
function go() {
  if (manner.kind === "pace" || manner.kind === "flood") manner = { ...manner, held: false };
  const now = performance.now();
  for (const [index, entry] of held.entries()) {
    entry.dueAt = now + (entry.everyMs * index) / held.length;
    writing.add(entry);
  }
  held.length = 0;

  for (const begin of dammed.values()) begin();
  dammed.clear();
}

/** Requests and tokens since this was asked before, and how many answers are open. */
function counts() {
  const counted = { asked, tokens, open: writing.size + held.length + queued.size + dammed.size };
  asked = 0;
  tokens = 0;
  return counted;
}

function shapeOf(given: Extract<Manner, { kind: "pace" | "flood" }>) {
  const { tokens, tokensPerWrite } = given;
  const { stamped = false, prose = false } = given.kind === "pace" ? given : {};
  return { tokens, tokensPerWrite, stamped, prose };
}

// One request after the other on a connection, each with its length: all that our server sends.
function receive(socket: net.Socket) {
  let text = "";

  socket.on("error", () => {});
  socket.on("data", (bytes) => {
    text += bytes.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    const length = Number(/^content-length: (\d+)/im.exec(text)?.[1] ?? 0);
    if (end === -1 || text.length < end + 4 + length) return;

    const isList = text.startsWith("GET");
    text = "";
    if (isList) list(socket);
    else answer(socket);
  });
}

function list(socket: net.Socket) {
  const length = `Content-Length: ${MODELS.length}`;
  socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${length}\r\n\r\n${MODELS}`);
}

function answer(socket: net.Socket) {
  asked += 1;
  socket.write(HEAD);

  switch (manner.kind) {
    case "instant":
      tokens += 1;
      return finish(socket, "An instant answer, with **bold** and `code`.", 1);
    case "queue":
      return queue(socket);
    case "pace":
      return pace(socket, manner);
    case "late":
      return void late(socket, manner.afterMs);
    case "flood":
      return flood(socket, manner);
  }
}

function queue(socket: net.Socket) {
  queued.add(socket);
  socket.write(SIGN_OF_LIFE);
  socket.once("close", () => queued.delete(socket));
}

function pace(socket: net.Socket, given: Extract<Manner, { kind: "pace" }>) {
  const { everyMs } = given;
  const pieces = anAnswer(given);
  const entry = { socket, pieces, next: 0, stamps: 0, everyMs, dueAt: performance.now() };

  socket.write(SIGN_OF_LIFE);
  if (given.held) held.push(entry);
  else writing.add(entry);
}

function anAnswer(given: Extract<Manner, { kind: "pace" | "flood" }>): Piece[] {
  const choices = piecesOf(shapeOf(given));
  return choices[asked % choices.length] as Piece[];
}

function writeWhatIsDue() {
  const now = performance.now();
  for (const entry of writing) {
    if (entry.socket.destroyed) writing.delete(entry);
    while (entry.dueAt <= now && writing.has(entry)) writeNext(entry);
  }
}

function writeNext(entry: Writing) {
  const piece = entry.pieces[entry.next];

  if (piece) {
    const middle = piece.stamped ? event(` ${stamp(Date.now())}`) : "";
    entry.socket.write(framed(piece.before + middle + piece.after));
    entry.next += 1;
    entry.dueAt += entry.everyMs;
    entry.stamps += piece.stamped ? 1 : 0;
    tokens += piece.tokens;
  } else {
    writing.delete(entry);
    finish(entry.socket, lastWords(entry.stamps), entry.next);
  }
}

function lastWords(stamps: number): string {
  return `\n\nThere were ${stamps} stamps.`;
}

async function late(socket: net.Socket, afterMs: number) {
  const askedAt = now();
  if (afterMs > 0) await wait(afterMs);
  socket.write(framed(event(`asked ${askedAt} told ${now()} `)));

  for (let round = 0; round < 10; round += 1) {
    await wait(100);
    socket.write(framed(event("and ") + event("so ") + event("on. ")));
  }
  finish(socket, "", 31);
}

// Until the socket's buffer is full; the rest when it has been emptied.
function flood(socket: net.Socket, given: Extract<Manner, { kind: "flood" }>) {
  const pieces = anAnswer(given);
  let next = 0;

  const more = () => {
    while (next < pieces.length) {
      const piece = pieces[next] as Piece;
      next += 1;
      tokens += piece.tokens;
      if (!socket.write(framed(piece.before))) return void socket.once("drain", more);
    }
    finish(socket, lastWords(0), given.tokens);
  };

  socket.write(SIGN_OF_LIFE);
  if (given.held) dammed.set(socket, more);
  else more();
}

function finish(socket: net.Socket, text: string, completionTokens: number) {
  socket.write(`${framed(lastEvents(text, completionTokens))}0\r\n\r\n`);
}

function giveSignsOfLife() {
  for (const socket of queued) socket.write(SIGN_OF_LIFE);
  for (const { socket } of held) socket.write(SIGN_OF_LIFE);
}

function framed(text: string): string {
  return `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
}

function now(): string {
  return (performance.timeOrigin + performance.now()).toFixed(2);
}
