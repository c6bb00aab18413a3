import { said } from "../lib/said.js";

const MARK = "● ";

// Says that an answer has ended to whoever looks elsewhere: in the title, and by the system where somebody allowed it.
class AnswerBell extends HTMLElement {
  #leaving = new AbortController();

  connectedCallback() {
    const { signal } = this.#leaving;
    document.addEventListener("answer-done", () => this.ring(), { signal });
    document.addEventListener("visibilitychange", () => this.looked(), { signal });
    this.#button?.addEventListener("click", () => this.ask(), { signal });
    this.#tell();
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  ring() {
    if (document.hidden) {
      const body = document.title;
      document.title = MARK + body;
      if (permission() === "granted") {
        new Notification(said("complete"), { body }).onclick = () => focus();
      }
    }
  }

  looked() {
    if (!document.hidden) {
      document.title = document.title.replace(MARK, "");
    }
  }

  async ask() {
    await Notification.requestPermission();
    this.#tell();
  }

  #tell() {
    if (this.#button) {
      this.#button.hidden = permission() !== "default";
      this.querySelector("[role=status]").textContent = said(permission() ?? "undefined");
    }
  }

  get #button() {
    return this.querySelector("button");
  }
}

function permission() {
  return globalThis.Notification?.permission;
}

customElements.define("answer-bell", AnswerBell);
