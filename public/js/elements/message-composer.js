import { submitInBackground } from "../lib/background-form.js";
import { charactersLeft, limitWords } from "../lib/counting.js";
import { Draft, forgetSent } from "../lib/drafts.js";
import { hasTouchKeyboard, isOverlaid, isPlainEnter } from "../lib/keys.js";
import { said } from "../lib/said.js";

const SENDING_MS = 10_000;
const STOPPING_MS = 8_000;

class MessageComposer extends HTMLElement {
  #leaving = null;
  #draft = null;
  #other = "";
  #sentAt = Number.NEGATIVE_INFINITY;
  #stopTimer = 0;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#text.addEventListener("keydown", (event) => this.keyPressed(event), { signal });
    document.addEventListener("keydown", (event) => this.shortcutPressed(event), { signal });
    document.addEventListener("answer-done", () => this.answerDone(), { signal });
    addEventListener("pageshow", (event) => this.pageShown(event), { signal });
    document.addEventListener("visibilitychange", () => this.looked(), { signal });
    this.addEventListener("input", () => this.typed(), { signal });
    this.addEventListener("submit", (event) => this.submitted(event), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.#beginDraft();
    this.#fit();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#draft?.stop();
    clearTimeout(this.#stopTimer);
  }

  keyPressed(event) {
    if (isPlainEnter(event) && !hasTouchKeyboard()) {
      event.preventDefault();
      if (this.#text.value.trim()) {
        this.#text.form.requestSubmit();
      }
    }
  }

  shortcutPressed(event) {
    if (event.key === "Escape" && !event.isComposing && !isOverlaid()) {
      const settings = this.querySelector("details[open]");
      if (settings) {
        settings.open = false;
        settings.firstElementChild.focus();
      } else {
        this.#stopForm?.requestSubmit();
      }
    }
  }

  typed() {
    this.#draft?.typed();
    this.#fit();
  }

  looked() {
    if (document.visibilityState === "visible") {
      void this.#draft?.look();
    }
  }

  clicked({ target }) {
    if (target.closest("[data-part=swap]")) {
      [this.#other, this.#text.value] = [this.#text.value, this.#other];
      this.typed();
      this.#text.focus();
    }
  }

  submitted(event) {
    if (event.target === this.#stopForm) {
      event.preventDefault();
      this.#stop(event.target);
    } else if (event.submitter?.name === "starter") {
      // It is asked instead of what was typed, and that waits on.
    } else if (this.#refuses()) {
      event.preventDefault();
    } else {
      this.#sentAt = performance.now();
      this.#draft?.sent();
    }
  }

  answerDone() {
    clearTimeout(this.#stopTimer);
    const button = this.querySelector("[form=stop]");
    if (button === document.activeElement) {
      this.#text.focus({ preventScroll: true });
    }
    button?.remove();
    this.#stopForm?.remove();
    this.#fit();
  }

  // From the browser's own store of pages it comes back as it was left.
  pageShown({ persisted }) {
    this.#sentAt = Number.NEGATIVE_INFINITY;
    if (persisted) {
      void this.#draft?.look();
    }
  }

  // The page learns from its stream that the answer has stopped. Should that not come, the form
  // is submitted as it would be without us.
  #stop(form) {
    if (!this.#stopTimer) {
      this.#stopTimer = setTimeout(() => form.submit(), STOPPING_MS);
      void submitInBackground(form);
    }
  }

  // The server takes a form's key only once; this spares it the second question. It wears off
  // because a browser does not tell that sending has failed.
  #refuses() {
    const isSending = performance.now() - this.#sentAt < SENDING_MS;
    if (this.#stopForm) {
      this.#say(said("answering"));
    }
    return isSending || this.#stopForm !== null || !this.#text.value.trim() || this.#left < 0;
  }

  // Whoever has just sent a question goes on typing where they were; a keyboard on the screen would
  // cover the answer.
  #beginDraft() {
    if (this.#text.form.elements.draft) {
      this.#draft = new Draft(this.#text, {
        shown: () => this.#fit(),
        other: (text) => this.#offer(text),
      });
    }
    if (forgetSent() && !hasTouchKeyboard()) {
      this.#text.focus({ preventScroll: true });
    }
    if (this.hasAttribute("kept")) {
      this.#draft.begin();
    }
  }

  // What was typed on two devices is here twice: one in the box, the other behind a button.
  #offer(text) {
    this.#other = text;
    this.querySelector("[data-part=other]").hidden = false;
  }

  #fit() {
    this.#say(limitWords(this.#left, said));
    if (!CSS.supports("field-sizing", "content")) {
      this.#text.style.blockSize = "auto";
      this.#text.style.blockSize = `${this.#text.scrollHeight}px`;
    }
  }

  #say(words) {
    const place = this.querySelector("[data-part=count]");
    if (place && place.textContent !== words) {
      place.textContent = words;
      place.hidden = !words;
    }
    place?.toggleAttribute("data-over", this.#left < 0);
  }

  get #left() {
    const limit = Number(this.getAttribute("limit")) || Number.POSITIVE_INFINITY;
    return charactersLeft(this.#text.value, limit);
  }

  get #text() {
    return this.querySelector("textarea");
  }

  get #stopForm() {
    return this.querySelector("#stop");
  }
}

customElements.define("message-composer", MessageComposer);
