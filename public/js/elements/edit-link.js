import { opensElsewhere, partBehind } from "../lib/linked-page.js";

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

  async clicked(event) {
    if (opensElsewhere(event)) {
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
      const editor = await partBehind(this.#link, "question-editor").finally(() => {
        this.ariaBusy = null;
      });
      this.#message.querySelector(".message__body").after(editor);
      this.#editor.begin();
    }
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
