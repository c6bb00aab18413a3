import { copyText } from "../lib/clipboard.js";

const COPIED_MS = 2_000;

class CopyButton extends HTMLElement {
  #timer = 0;
  #restore = null;

  connectedCallback() {
    this.#button.hidden = false;
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#restore?.();
  }

  async handleEvent({ target }) {
    if (this.#button.contains(target) && (await copyText(this.#text()))) {
      this.#confirm();
    }
  }

  // Without its last line break, which would run a command when pasted into a terminal.
  #text() {
    const id = this.getAttribute("for");
    const source = id
      ? document.getElementById(id)
      : this.closest("figure.code").querySelector("pre code");
    const text = source.value ?? (source.content ?? source).textContent;
    return text.replace(/\n$/, "");
  }

  #confirm() {
    clearTimeout(this.#timer);
    this.#restore ??= this.#sayCopied();
    this.#timer = setTimeout(() => this.#restore?.(), COPIED_MS);
  }

  // The words are said beside the button, since a changed label of a focused button is not read out.
  #sayCopied() {
    const label = this.#button.querySelector("span") ?? this.#button;
    const words = [...label.childNodes].find((node) => node.data?.trim());
    const before = words?.data;
    const status = Object.assign(document.createElement("span"), { className: "visually-hidden" });
    status.role = "status";
    this.append(status);
    this.dataset.state = "copied";
    words?.replaceData(0, words.length, "Copied");
    setTimeout(() => status.append("Copied"), 50);

    return () => {
      this.#restore = null;
      delete this.dataset.state;
      words?.replaceData(0, words.length, before);
      status.remove();
    };
  }

  get #button() {
    return this.querySelector("button");
  }
}

customElements.define("copy-button", CopyButton);
