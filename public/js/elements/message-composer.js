import { submitInBackground } from "../lib/background-form.js";
import { charactersLeft, limitWords } from "../lib/counting.js";
import { forgetSent, markSent, readDraft, saveDraft } from "../lib/drafts.js";
import { hasTouchKeyboard, isOverlaid, isPlainEnter, isTyping } from "../lib/keys.js";

const SENDING_MS = 10_000;
const STOPPING_MS = 8_000;

class MessageComposer extends HTMLElement {
  #leaving = null;
  #sentAt = Number.NEGATIVE_INFINITY;
  #stopTimer = 0;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#text.addEventListener("keydown", (event) => this.keyPressed(event), { signal });
    document.addEventListener("keydown", (event) => this.shortcutPressed(event), { signal });
    document.addEventListener("answer-done", () => this.answerDone(), { signal });
    addEventListener("pageshow", () => this.pageShown(), { signal });
    this.addEventListener("input", () => this.typed(), { signal });
    this.addEventListener("submit", (event) => this.submitted(event), { signal });
    this.#restoreDraft();
    this.#fit();
  }

  disconnectedCallback() {
    this.#leaving.abort();
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
      this.#stopForm?.requestSubmit();
    } else if (event.key === "/" && !isTyping(event)) {
      event.preventDefault();
      this.#text.focus();
    }
  }

  typed() {
    saveDraft(this.#draftKey, this.#text.value);
    this.#fit();
  }

  submitted(event) {
    if (event.target === this.#stopForm) {
      event.preventDefault();
      this.#stop(event.target);
    } else if (this.#refuses()) {
      event.preventDefault();
    } else {
      this.#sentAt = performance.now();
      markSent(this.#draftKey);
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

  pageShown() {
    this.#sentAt = Number.NEGATIVE_INFINITY;
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
      this.#say("Still answering");
    }
    return isSending || this.#stopForm !== null || !this.#text.value.trim() || this.#left < 0;
  }

  // Whoever has just sent a question goes on typing where they were; a keyboard on the screen would
  // cover the answer.
  #restoreDraft() {
    if (forgetSent() && !hasTouchKeyboard()) {
      this.#text.focus({ preventScroll: true });
    }
    this.#text.value = joined(readDraft(this.#draftKey), this.#text.value);
  }

  #fit() {
    this.#say(limitWords(this.#left));
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

  // Who writes is in the key: on a shared machine nobody finds the words of another.
  get #draftKey() {
    const { author, conversation } = this.#text.form.elements;
    return `aifacade:draft:${author?.value ?? ""}:${conversation?.value ?? "new"}`;
  }

  get #text() {
    return this.querySelector("textarea");
  }

  get #stopForm() {
    return this.querySelector("#stop");
  }
}

// What the page brings, such as a prompt, stands behind what was being written; on a page that is loaded anew it does already.
function joined(draft, brought) {
  if (brought.startsWith(draft)) {
    return brought;
  }
  return draft.endsWith(brought) ? draft : `${draft}\n\n${brought}`;
}

customElements.define("message-composer", MessageComposer);
