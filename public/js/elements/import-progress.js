import { parse } from "../lib/fragments.js";

const PAUSE_MS = 1_000;

class ImportProgress extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    if (this.hasAttribute("running")) this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  // While somebody is asked whether to stop, the question stays.
  async #ask() {
    const fresh = this.querySelector(":popover-open") ? null : await this.#fetched();
    if (fresh) this.replaceWith(fresh);
    else this.connectedCallback();
  }

  async #fetched() {
    try {
      const response = await fetch(location.href, { redirect: "error" });
      return parse(await response.text()).querySelector("import-progress");
    } catch {
      return null;
    }
  }
}

customElements.define("import-progress", ImportProgress);
