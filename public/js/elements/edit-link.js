import { parse } from "../lib/fragments.js";
import { fetchText } from "../lib/requests.js";

class EditLink extends HTMLElement {
  #leaving = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.#message.addEventListener("click", (event) => this.messageClicked(event), { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  // Pressed with a key held, a link is opened elsewhere.
  async clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
      return;
    }
    event.preventDefault();

    try {
      await this.#open();
    } catch {
      location.assign(this.#link.href);
    }
  }

  messageClicked(event) {
    if (event.target.closest("[data-part=cancel]")) {
      event.preventDefault();
      this.#editor.hidden = true;
      this.#link.focus({ preventScroll: true });
    }
  }

  // What was typed and not sent is still there when the question is edited again.
  async #open() {
    if (this.#editor) {
      this.#editor.hidden = false;
      this.#editor.begin();
    } else if (!this.ariaBusy) {
      this.ariaBusy = "true";
      const editor = await this.#fetched().finally(() => {
        this.ariaBusy = null;
      });
      this.#message.querySelector(".message__body").after(editor);
      this.#editor.begin();
    }
  }

  async #fetched() {
    return parse(await fetchText(this.#link.href)).querySelector("question-editor");
  }

  get #editor() {
    return this.#message.querySelector("question-editor");
  }

  get #message() {
    return this.closest("article");
  }

  get #link() {
    return this.querySelector("a");
  }
}

customElements.define("edit-link", EditLink);
