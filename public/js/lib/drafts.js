const SENT = "aifacade:sent";
const ARRIVED_WITHIN_MS = 30_000;
const PAUSE_MS = 1_000;
const RETRY_MS = 30_000;

// What is typed and not sent. The server keeps it; the browser keeps what the server does not have yet.
export class Draft {
  #text;
  #told;
  #stored = null;
  #timer = 0;
  #saving = Promise.resolve();
  #sending = new AbortController();

  // `told` says what happens to it elsewhere: shown() for a text that comes from there, other() for one that went.
  constructor(text, told) {
    this.#text = text;
    this.#told = told;
  }

  // The page came with what is kept; what the server does not have yet is the newer of the two.
  begin() {
    this.#stored = this.#text.value;
    this.#text.selectionStart = this.#stored.length;
    const unsaved = attempt(() => localStorage.getItem(this.#key));
    // With a prompt behind it, the server has it.
    if (unsaved && !this.#stored.startsWith(`${unsaved}\n\n`)) {
      this.#text.value = this.#follows(unsaved) ? `${unsaved}\n\n${this.#stored}` : unsaved;
      this.typed();
      this.#tellOther(this.#stored);
    }
  }

  // Whoever has just put a prompt into the message comes to it by its name.
  #follows(unsaved) {
    return location.hash === `#${this.#text.id}` && !unsaved.endsWith(this.#stored);
  }

  typed() {
    keep(this.#key, this.#text.value);
    this.#saveIn(PAUSE_MS);
  }

  // Somebody may have typed elsewhere, or sent it there, while nobody looked at this page.
  async look() {
    const query = new URLSearchParams({ conversation: this.#conversation });
    const found = await asked(`/drafts?${query}`);
    if (found && found.version !== this.#version && this.#text.value === this.#stored) {
      this.#text.value = this.#stored = found.text;
      this.#version = found.version;
      this.#told.shown();
    }
  }

  // What is being saved, or waits for that, would come after the question, and be there again.
  sent() {
    this.stop();
    this.#sending.abort();
    this.#sending = new AbortController();
    attempt(() => sessionStorage.setItem(SENT, JSON.stringify({ key: this.#key, at: Date.now() })));
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  #saveIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#save(), ms);
  }

  // One after the other: each says what it is written over.
  #save() {
    this.stop();
    const { signal } = this.#sending;
    this.#saving = this.#saving.then(() => this.#store(signal));
  }

  async #store(signal) {
    const prompt = this.#text.value;
    const place = { conversation: this.#conversation, draft: this.#version };
    const body = new URLSearchParams({ prompt, ...place });
    const saved = await asked("/drafts", { method: "POST", body, signal });

    if (saved) {
      this.#stored = prompt;
      this.#version = saved.version;
      this.#tellOther(saved.replaced);
      if (this.#text.value === prompt) {
        keep(this.#key, "");
      }
    } else if (!this.#timer && !signal.aborted) {
      this.#saveIn(RETRY_MS);
    }
  }

  #tellOther(text) {
    if (text && !this.#text.value.includes(text)) {
      this.#told.other(text);
    }
  }

  get #conversation() {
    return this.#fields.conversation?.value ?? "";
  }

  get #version() {
    return this.#fields.draft.value;
  }

  set #version(version) {
    this.#fields.draft.value = version;
  }

  get #fields() {
    return this.#text.form.elements;
  }

  // Who writes is in the key: on a shared machine nobody finds the words of another.
  get #key() {
    return `aifacade:draft:${this.#fields.author?.value ?? ""}:${this.#conversation || "new"}`;
  }
}

// What was sent is forgotten only by the page that follows: if none does, the words are still here.
// Tells whether this is that page.
export function forgetSent() {
  const sent = attempt(() => JSON.parse(sessionStorage.getItem(SENT)));
  attempt(() => sessionStorage.removeItem(SENT));
  const hasArrived = sent !== null && arrived(sent);
  if (hasArrived) {
    keep(sent.key, "");
  }
  return hasArrived;
}

// Going back or reloading is what people do when sending failed.
function arrived(sent) {
  const [navigation] = performance.getEntriesByType("navigation");
  return navigation?.type === "navigate" && Date.now() - sent.at < ARRIVED_WITHIN_MS;
}

function keep(key, text) {
  attempt(() => (text ? localStorage.setItem(key, text) : localStorage.removeItem(key)));
}

async function asked(address, options) {
  const response = await fetch(address, { redirect: "error", ...options }).catch(() => null);
  return response?.ok ? response.json() : null;
}

// Storage throws where the browser forbids it and when it is full.
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}
