import assert from "node:assert/strict";
import { type CheerioAPI, load } from "cheerio";
import { createParser, type EventSourceMessage } from "eventsource-parser";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

type Fields = Record<string, string | number>;
type Headers = Record<string, string>;

/** Somebody with a browser: keeps cookies, sends forms as a browser does, and runs no script. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  readonly url: string;
  userAgent = FIREFOX;

  constructor(url: string) {
    this.url = url;
  }

  async get(path: string, headers: Headers = {}): Promise<Page> {
    return this.#send(path, { headers });
  }

  /** Sends a form; `_method` in the fields says another verb, as our pages do. */
  async post(path: string, fields: Fields = {}, headers: Headers = {}): Promise<Page> {
    const pairs = Object.entries(fields).map(([name, value]) => [name, String(value)]);
    const body = new URLSearchParams(pairs as [string, string][]);
    return this.#send(path, { method: "POST", body, headers: { Origin: this.url, ...headers } });
  }

  /** Sends a form with files, as a browser does. */
  async postFiles(
    path: string,
    fields: Fields,
    files: File[],
    headers: Headers = {},
  ): Promise<Page> {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, String(value));
    for (const file of files) body.append("files", file);
    return this.#send(path, { method: "POST", body, headers: { Origin: this.url, ...headers } });
  }

  async request(path: string, init: RequestInit): Promise<Page> {
    return this.#send(path, init);
  }

  /** Sends a form and goes where the answer leads. */
  async submit(path: string, fields: Fields = {}): Promise<Page> {
    return this.follow(await this.post(path, fields));
  }

  async follow(page: Page): Promise<Page> {
    return page.location === null ? page : this.follow(await this.get(page.location));
  }

  async register(username: string, password: string): Promise<Page> {
    const page = await this.post("/register", { username, password });
    assert.equal(page.status, 303, `registering ${username}: ${page.words(".field__error")}`);
    return page;
  }

  async logIn(username: string, password: string): Promise<Page> {
    return this.post("/login", { username, password });
  }

  /** Asks in a new conversation, or in one; returns its path. */
  async ask(prompt: string, fields: Fields = {}): Promise<string> {
    const page = await this.post("/chat", { prompt, ...fields });
    assert.equal(page.status, 303, page.words(".field__error"));
    return String(page.location);
  }

  /** Asks, and waits until the answer has ended. */
  async talk(prompt: string, fields: Fields = {}): Promise<Page> {
    return this.settled(await this.ask(prompt, fields));
  }

  /** The page of a conversation once nothing in it is being written. */
  async settled(path: string): Promise<Page> {
    const page = await this.get(path);
    const [running] = page.$("message-stream").toArray();
    if (!running) return page;

    await this.events(String(page.$(running).attr("src")));
    return this.settled(path);
  }

  /** Reads an event stream to its end, or until `enough` says so. */
  async events(
    path: string,
    enough: (event: StreamEvent) => boolean = () => false,
    headers: Headers = {},
  ): Promise<StreamEvent[]> {
    const response = await this.#fetch(path, {
      headers: { Accept: "text/event-stream", ...headers },
    });
    assert.equal(response.status, 200);
    return read(response, enough);
  }

  async #send(path: string, init: RequestInit): Promise<Page> {
    const response = await this.#fetch(path, init);
    return new Page(response, await response.text());
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers: Headers = { "User-Agent": this.userAgent, Accept: "text/html,*/*" };
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    if (cookie) headers.Cookie = cookie;

    const ask = () =>
      fetch(new URL(path, this.url), {
        redirect: "manual",
        ...init,
        headers: { ...headers, ...(init.headers as Headers) },
      });
    const response = await ask().catch((error: unknown) => {
      if (!mayAskAgain(init, error)) throw error;
      return ask();
    });
    this.#keepCookies(response);
    return response;
  }

  #keepCookies(response: Response) {
    for (const line of response.headers.getSetCookie()) {
      const [name = "", value = ""] = (line.split(";")[0] ?? "").split("=");
      if (value === "" || /Expires=Thu, 01 Jan 1970/.test(line)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

// As browsers do: the server may close a connection that was idle in the moment in which it is used again.
function mayAskAgain({ method = "GET" }: RequestInit, error: unknown): boolean {
  const { cause } = error as { cause?: { code?: string } };
  return method === "GET" && cause?.code === "UND_ERR_SOCKET";
}

export interface StreamEvent {
  event: string;
  id: string | undefined;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it as they like
  data: any;
}

/** An answer of the server, with its page parsed. */
export class Page {
  readonly status: number;
  readonly headers: globalThis.Headers;
  readonly html: string;
  readonly location: string | null;
  #parsed: CheerioAPI | null = null;

  constructor(response: Response, html: string) {
    this.status = response.status;
    this.headers = response.headers;
    this.html = html;
    this.location = response.headers.get("location");
  }

  get $(): CheerioAPI {
    this.#parsed ??= load(this.html);
    return this.#parsed;
  }

  /** The text of what a selector finds, with its white space folded. */
  words(selector: string): string {
    return this.$(selector).text().replace(/\s+/g, " ").trim();
  }

  /** The text of each element that a selector finds. */
  all(selector: string): string[] {
    return this.$(selector)
      .toArray()
      .map((element) => this.$(element).text().replace(/\s+/g, " ").trim());
  }

  /** The text of each row of the table under a heading. */
  rows(heading: string): string[] {
    const found = this.$("h2, h3").toArray();
    const id = found.find((element) => this.$(element).text() === heading)?.attribs.id;
    return this.all(`[aria-labelledby="${id}"] tbody tr`);
  }

  /** The value of a form's field. */
  field(name: string): string | undefined {
    const field = this.$(`[name="${name}"]`).first();
    return field.is("textarea") ? field.text() : field.attr("value");
  }
}

/** The most frequent event has no name; words at the end of the last block come as [keepSuffix, words, 1 for the reasoning]. */
export function named({ event, id, data }: StreamEvent): StreamEvent {
  if (event !== "message") return { event, id, data };
  if (!Array.isArray(data)) return { event: "patch", id, data };

  const [keepSuffix, middle, isReasoning] = data;
  const patch = { insertion: [keepSuffix, middle] };
  return { event: "patch", id, data: isReasoning ? { reasoning: patch } : { answer: patch } };
}

async function read(
  response: Response,
  enough: (event: StreamEvent) => boolean,
): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  const decoder = new TextDecoder();
  let isEnough = false;
  const onEvent = ({ event = "message", id, data }: EventSourceMessage) => {
    const received = named({ event, id, data: JSON.parse(data) });
    events.push(received);
    isEnough ||= enough(received);
  };
  const parser = createParser({ onEvent });

  for await (const bytes of response.body ?? []) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    // Leaving the loop hangs up.
    if (isEnough) return events;
  }

  return events;
}
