import { said } from "../lib/said.js";

// The box that ticks all others of its form, and says how many are ticked.
class ChooseAll extends HTMLElement {
  #leaving = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#all.addEventListener("change", () => this.allChanged(), { signal });
    document.addEventListener("change", ({ target }) => this.oneChanged(target), { signal });
    addEventListener("pageshow", () => this.#tell(), { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  allChanged() {
    for (const box of this.#boxes) {
      box.checked = this.#all.checked;
    }
    this.#tell();
  }

  oneChanged(target) {
    if (this.#boxes.includes(target)) {
      this.#tell();
    }
  }

  #tell() {
    const chosen = this.#boxes.filter((box) => box.checked).length;
    this.#all.checked = chosen === this.#boxes.length;
    this.#all.indeterminate = chosen > 0 && !this.#all.checked;
    this.#count.textContent = chosen > 0 ? said("chosen", chosen) : "";
  }

  get #form() {
    return this.closest("form");
  }

  get #boxes() {
    return [...this.#form.elements].filter(({ name }) => name === "ids");
  }

  get #all() {
    return this.querySelector("[data-part=all]");
  }

  get #count() {
    return this.#form.querySelector("[data-part=count]");
  }
}

customElements.define("choose-all", ChooseAll);
