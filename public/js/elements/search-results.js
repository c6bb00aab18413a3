import { parse } from "../lib/fragments.js";

const PAUSE_MS = 250;

class SearchResults extends HTMLElement {
  #timer = 0;
  #asking = null;

  connectedCallback() {
    this.addEventListener("input", this);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  handleEvent() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  // What cannot be fetched, the form's button still finds.
  async #ask() {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const query = new URLSearchParams(new FormData(this.querySelector("form")));

    try {
      const { signal } = this.#asking;
      const response = await fetch(`/search/results?${query}`, { redirect: "error", signal });
      const html = await response.text();
      if (response.status >= 500) return;
      this.querySelector("[data-part=results]").replaceChildren(parse(html));
      history.replaceState(null, "", `/search?${query}`);
    } catch {}
  }
}

customElements.define("search-results", SearchResults);
