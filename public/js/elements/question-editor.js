import { charactersLeft, limitWords } from "../lib/counting.js";
import { hasTouchKeyboard, isPlainEnter } from "../lib/keys.js";

class QuestionEditor extends HTMLElement {
  connectedCallback() {
    this.addEventListener("keydown", this);
    this.addEventListener("input", this);
    this.#count();
  }

  /** Puts the cursor where one goes on writing. */
  begin() {
    this.#text.focus();
    this.#text.setSelectionRange(this.#text.value.length, this.#text.value.length);
  }

  handleEvent(event) {
    if (event.type === "input") {
      this.#count();
    } else if (event.key === "Escape" && !event.isComposing) {
      // Further up it would stop an answer.
      event.stopPropagation();
      this.querySelector("[data-part=cancel]").click();
    } else if (event.target === this.#text && this.#sends(event)) {
      event.preventDefault();
      this.#text.form.requestSubmit();
    }
  }

  // As the composer does; where a keyboard on the screen breaks lines, a real one beside it sends with Ctrl.
  #sends(event) {
    return isPlainEnter(event) && (!hasTouchKeyboard() || event.ctrlKey || event.metaKey);
  }

  #count() {
    const left = charactersLeft(this.#text.value, Number(this.getAttribute("limit")));
    const place = this.querySelector("[data-part=count]");
    place.textContent = limitWords(left);
    place.toggleAttribute("data-over", left < 0);
  }

  get #text() {
    return this.querySelector("textarea");
  }
}

customElements.define("question-editor", QuestionEditor);
