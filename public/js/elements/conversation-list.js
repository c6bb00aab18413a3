import { retitle } from "../lib/conversation-title.js";
import { morphAttributes, morphChildren, parse } from "../lib/fragments.js";
import { tellFolder, tellZone, zone } from "../lib/told.js";

const MOST_PAGES = 20;
const LOOK_MS = 5_000;
const MARK_RUNNING = ".sidebar__mark--running";

// The list beside the page: longer as one scrolls, and as it is now while anything is being answered.
class ConversationList extends HTMLElement {
  #leaving = null;
  #nearing = null;
  #timer = 0;
  #pages = 1;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    document.addEventListener("answer-done", () => this.answerDone(), { signal });
    document.addEventListener("visibilitychange", () => this.looked(), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    const root = this.closest(".sidebar__scroll");
    this.#nearing = new IntersectionObserver((entries) => this.neared(entries), { root });
    this.#watch();
    this.#learnZone();
    if (this.hasAttribute("naming")) {
      void this.#refresh({ wait: "title" });
    }
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#nearing.disconnect();
    clearTimeout(this.#timer);
  }

  // A title by the model comes a moment after the first answer; the end of that waits for nothing.
  answerDone() {
    this.querySelector(`[aria-current] ${MARK_RUNNING}`)?.remove();
    void this.#refresh({ wait: "title" });
  }

  looked() {
    if (document.visibilityState === "visible") {
      void this.#refresh();
    }
  }

  // A folder is unfolded by what the click does next; the page itself unfolds that of the open conversation.
  clicked({ target }) {
    const folder = target.closest("summary")?.parentElement;
    if (folder) {
      setTimeout(() => tellFolder(folder));
    }
  }

  neared(entries) {
    if (entries.some(({ isIntersecting }) => isIntersecting) && this.#pages < MOST_PAGES) {
      this.#pages++;
      void this.#refresh();
    }
  }

  #learnZone() {
    if (this.getAttribute("zone") !== zone()) {
      tellZone();
      void this.#refresh();
    }
  }

  async #refresh(more = {}) {
    const pages = this.#pages;
    const list = await fetchList({ pages, open: this.getAttribute("open-id") ?? "", ...more });
    if (pages !== this.#pages) {
      return this.#refresh();
    }
    if (list && this.isConnected) {
      morphAttributes(this, list);
      morphChildren(this, list.childNodes);
      this.#retitle();
    }
    this.#watch();
  }

  #retitle() {
    const title = this.querySelector("[data-part=conversation-title]")?.textContent;
    const shown = document.querySelector("h1[data-part=conversation-title]")?.textContent;
    if (title && shown && title !== shown) {
      retitle(title);
    }
  }

  #watch() {
    this.#nearing.disconnect();
    const end = this.querySelector(".sidebar__more");
    if (end && this.hasAttribute("more")) {
      this.#nearing.observe(end);
    }
    clearTimeout(this.#timer);
    if (this.querySelector(`a:not([aria-current]) ${MARK_RUNNING}`)) {
      this.#timer = setTimeout(() => this.looked(), LOOK_MS);
    }
  }
}

// Whoever was logged out meanwhile is sent to the login page, which is no list.
async function fetchList(query) {
  try {
    const response = await fetch(`/sidebar?${new URLSearchParams(query)}`);
    const isList = response.ok && !response.redirected;
    return isList ? parse(await response.text()).querySelector("conversation-list") : null;
  } catch {
    return null;
  }
}

customElements.define("conversation-list", ConversationList);
