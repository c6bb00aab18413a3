const READY_MS = 100;

class FlashMessage extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    this.addEventListener("click", this);
    this.#timer = setTimeout(() => this.#readOut(), READY_MS);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  handleEvent({ target }) {
    if (target.closest("[data-part=dismiss]")) {
      this.closest("main")?.focus({ preventScroll: true });
      this.remove();
    }
  }

  // Screen readers say what changes in a live region, not what it held when the page came.
  #readOut() {
    const words = this.querySelector("p");
    words.replaceChildren(...words.childNodes);
  }
}

customElements.define("flash-message", FlashMessage);
