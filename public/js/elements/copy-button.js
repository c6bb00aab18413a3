import { copyText } from "../lib/clipboard.js";

const COPIED_MS = 2_000;
// Screen readers need a moment to notice a live region before what changes in it is said.
const ANNOUNCED_MS = 50;

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
    const status = announcer();
    this.append(status);
    this.dataset.state = "copied";
    words?.replaceData(0, words.length, "Copied");
    setTimeout(() => status.append("Copied"), ANNOUNCED_MS);

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

function announcer() {
  const status = document.createElement("span");
  status.className = "visually-hidden";
  status.setAttribute("role", "status");
  return status;
}

customElements.define("copy-button", CopyButton);
