import { retitle } from "../lib/conversation-title.js";
import { Feed } from "../lib/feed.js";
import { morphAttributes, morphBlocks, morphChildren, parse } from "../lib/fragments.js";
import { said } from "../lib/said.js";
import { applyPatch, readPatches } from "../lib/splices.js";
import { Pacer } from "../lib/timing.js";

const EVENTS = ["snapshot", "message", "progress", "done", "gone", "restarting"];
const PARTS = ["reasoning", "answer"];
const PLACES = { reasoning: ".reasoning__body", answer: ".message__body" };
const QUIET_MS = 1_000;

class MessageStream extends HTMLElement {
  #feed = null;
  #leaving = null;
  #wanted = {};
  #shown = {};
  #drawing = new Pacer(() => this.#draw());
  #isAnswering = false;
  #covered = null;
  #quiet = 0;

  connectedCallback() {
    const url = this.getAttribute("src");
    if (url) {
      this.#leaving = new AbortController();
      this.#feed = new Feed(url, EVENTS, {
        receive: (name, body) => this[`${name}Received`](body),
        tell: (state) => this.connectionChanged(state),
      });
      this.#listen(this.#leaving.signal);
      this.#feed.open();
    }
  }

  disconnectedCallback() {
    this.#end();
  }

  snapshotReceived({ reasoning, answer, progress, thoughts }) {
    this.#wanted = { reasoning, answer };
    this.progressReceived({ html: progress, thoughts });
    this.#drawing.soon();
  }

  messageReceived(data) {
    const patches = readPatches(data);
    for (const part of PARTS) {
      if (patches[part]) {
        this.#wanted[part] = applyPatch(this.#wanted[part], patches[part]);
      }
    }
    this.#drawing.soon();
  }

  progressReceived({ html, thoughts }) {
    this.#uncover();
    morphChildren(this.#part("progress"), parse(html).childNodes);
    if (thoughts) {
      this.#part("thought-for").textContent = thoughts;
    }
  }

  doneReceived({ html, held, title, usage }) {
    const article = parse(html).firstElementChild;
    if (held) {
      this.#fill(article);
    }
    this.#finish(article);
    this.#end();
    this.#announce();
    document.querySelector("[data-part=usage]")?.replaceWith(parse(usage));
    if (title) {
      retitle(title);
    }
    this.dispatchEvent(new CustomEvent("answer-done", { bubbles: true }));
  }

  goneReceived() {
    this.#end();
    location.replace("/");
  }

  restartingReceived() {
    this.#cover(said("restarting"));
  }

  connectionChanged(state) {
    clearTimeout(this.#quiet);
    if (state === "open") {
      this.#uncover();
    } else if (state === "lost") {
      this.#quiet = setTimeout(() => this.#cover(said("reconnecting")), QUIET_MS);
    } else {
      this.#end();
      this.#cover(said("unfollowed"), reloadLink());
    }
  }

  #listen(signal) {
    // An open connection keeps the page out of the back/forward cache.
    addEventListener("pagehide", () => this.#feed?.close(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#feed?.open(), { signal });
    addEventListener("online", () => this.#feed?.open(), { signal });
  }

  #end() {
    this.#feed?.close();
    this.#feed = null;
    this.#leaving?.abort();
    this.#drawing.cancel();
    clearTimeout(this.#quiet);
  }

  #draw() {
    const shown = this.#shown;
    // Should a block fail to draw, the next frame compares with nothing and draws all of them.
    this.#shown = {};
    for (const part of PARTS) {
      morphBlocks(this.#part(part), shown[part], this.#wanted[part]);
    }
    this.#part("thoughts").hidden = this.#wanted.reasoning.length === 0;
    this.#foldThoughts();
    this.#shown = { ...this.#wanted };
  }

  // Once: who opens them again while the answer is written wants to read them.
  #foldThoughts() {
    if (!this.#isAnswering && this.#wanted.answer.length > 0) {
      this.#isAnswering = true;
      this.#part("thoughts").open = false;
    }
  }

  // The text that is here already was not sent again.
  #fill(article) {
    for (const part of PARTS) {
      const place = article.querySelector(PLACES[part]);
      place?.replaceChildren(parse(this.#wanted[part].join("")));
    }
  }

  // The finished article has no stream in it. Ours stays around the text, without a source, because
  // moving the text out of it would lose the selection and the scroll of the code.
  #finish(fresh) {
    const article = this.closest("article");
    const parts = [...fresh.children];
    const text = parts.findIndex((part) => part.matches(".message__body"));
    const before = [...article.children].indexOf(this);

    this.removeAttribute("src");
    morphAttributes(article, fresh);
    morphChildren(this, parts.slice(before, text + 1));
    this.after(...parts.slice(text + 1));
  }

  #announce() {
    const outcome = this.closest("article").querySelector(".outcome > p");
    const announcement = document.querySelector("[data-part=announcement]");
    if (announcement) {
      announcement.textContent = outcome?.textContent ?? said("ended");
    }
  }

  #part(name) {
    return this.querySelector(`[data-part="${name}"]`);
  }

  #cover(text, ...more) {
    const progress = this.#part("progress");
    const notice = document.createElement("span");
    notice.className = "progress";
    notice.append(text, ...more);
    this.#covered ??= [...progress.childNodes];
    this.dataset.covered = "";
    progress.replaceChildren(notice);
  }

  #uncover() {
    if (this.#covered) {
      this.#part("progress").replaceChildren(...this.#covered);
      this.#covered = null;
      delete this.dataset.covered;
    }
  }
}

function reloadLink() {
  const link = document.createElement("a");
  link.href = location.pathname + location.search;
  link.textContent = said("reload");
  return link;
}

customElements.define("message-stream", MessageStream);
