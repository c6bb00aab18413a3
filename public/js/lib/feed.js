import { backoffMs } from "./timing.js";

const LONGEST_DELAY_MS = 30_000;
// A connection may die without a word (sleep, another network), and comments that keep it alive
// are not told to us; reopening a good one costs a snapshot.
const SILENCE_MS = 45_000;

// An EventSource that comes back: after a server error, which EventSource itself takes for the
// end; after an event that `receive` throws at; after silence. `tell` hears "open", "lost", "over".
export class Feed {
  #url;
  #events;
  #receive;
  #tell;
  #source = null;
  #timer = 0;
  #failures = 0;

  constructor(url, events, { receive, tell }) {
    this.#url = url;
    this.#events = events;
    this.#receive = receive;
    this.#tell = tell;
  }

  open() {
    this.close();
    const source = new EventSource(this.#url);
    source.addEventListener("open", () => this.#tell("open"));
    source.addEventListener("error", () => this.#failed(source));
    for (const name of this.#events) {
      source.addEventListener(name, (event) => this.#received(source, event));
    }
    this.#source = source;
    this.#watch();
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #failed(source) {
    this.#tell("lost");
    if (source.readyState === EventSource.CLOSED) {
      this.#later(() => this.#probe());
    }
  }

  #received(source, event) {
    if (source !== this.#source) {
      return;
    }
    this.#watch();
    try {
      this.#receive(event.type, JSON.parse(event.data));
      this.#failures = 0;
    } catch {
      source.close();
      this.#later(() => this.open());
    }
  }

  #watch() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.open(), SILENCE_MS);
  }

  #later(attempt) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(attempt, backoffMs(this.#failures, LONGEST_DELAY_MS));
    this.#failures++;
  }

  // EventSource does not say why it gave up.
  async #probe() {
    const source = this.#source;
    const prospect = await look(this.#url);
    if (source !== this.#source) {
      return;
    }
    if (prospect === "open") {
      this.open();
    } else if (prospect === "over") {
      this.#tell("over");
    } else {
      this.#later(() => this.#probe());
    }
  }
}

async function look(url) {
  const enough = new AbortController();
  try {
    const headers = { Accept: "text/event-stream" };
    return judge(await fetch(url, { headers, cache: "no-store", signal: enough.signal }));
  } catch {
    return "later";
  } finally {
    enough.abort();
  }
}

// Anything else a healthy server answers, such as its login page, is not going to become a stream.
function judge({ status, headers }) {
  if (status >= 500 || status === 429) {
    return "later";
  }
  return headers.get("Content-Type")?.startsWith("text/event-stream") ? "open" : "over";
}
