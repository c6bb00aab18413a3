import { copyText } from "../lib/clipboard.js";
import { fetchText } from "../lib/requests.js";
import { said } from "../lib/said.js";

const SAID_MS = 2_000;
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
    if (!this.#button.contains(target)) return;

    const copied = await copyText(this.#text()).catch(() => false);
    clearTimeout(this.#timer);
    this.#restore?.();
    this.#restore = copied
      ? this.#say("copied", said("copied"))
      : this.#say("failed", said("not-copied"));
    this.#timer = setTimeout(() => this.#restore?.(), SAID_MS);
  }

  // Without its last line break, which would run a command when pasted into a terminal.
  async #text() {
    const address = this.getAttribute("src");
    const text = address ? await fetchText(address) : this.#shownText();
    return text.replace(/\n$/, "");
  }

  #shownText() {
    const id = this.getAttribute("for");
    const shown = id
      ? document.getElementById(id)
      : this.closest("figure.code").querySelector("pre code");
    return shown.textContent;
  }

  // The words are said beside the button, since a changed label of a focused button is not read out.
  #say(state, text) {
    const label = this.#button.querySelector("span") ?? this.#button;
    const words = [...label.childNodes].find((node) => node.data?.trim());
    const before = words?.data;
    const status = announcer();
    this.append(status);
    this.dataset.state = state;
    words?.replaceData(0, words.length, text);
    setTimeout(() => status.append(text), ANNOUNCED_MS);

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
