import { isOverlaid, isTyping } from "../lib/keys.js";

class SearchField extends HTMLElement {
  #listening = null;

  connectedCallback() {
    this.#listening = new AbortController();
    document.addEventListener("keydown", this, { signal: this.#listening.signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  handleEvent(event) {
    if (event.key !== "/" || isTyping(event) || isOverlaid()) return;

    const field = document.querySelector("main [type=search]") ?? this.querySelector("input");
    // Where there is little room, the sidebar is a drawer.
    if (!field.checkVisibility()) {
      this.closest("[popover]").showPopover();
    }
    field.focus();
    field.select();
    event.preventDefault();
  }
}

customElements.define("search-field", SearchField);
