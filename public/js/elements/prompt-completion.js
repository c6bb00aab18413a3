import { parse } from "../lib/fragments.js";
import { isPlainEnter } from "../lib/keys.js";
import { fetchText } from "../lib/requests.js";

const TEXT = { method: "POST", headers: { Accept: "text/plain" } };

// A slash at the start of a text lists the prompts by name. A <textarea> may not call itself a combobox; what it
// may say of one it does: which list it controls, and which choice is the active one.
class PromptCompletion extends HTMLElement {
  #leaving = null;
  #loading = null;
  #end = 0;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.#text.setAttribute("aria-autocomplete", "list");
    this.#text.setAttribute("aria-controls", this.#list.id);
    this.#text.addEventListener("input", () => this.typed(), { signal });
    this.#text.addEventListener("blur", () => this.#close(), { signal });
    // On its way down, before the composer takes Enter for sending.
    const early = { signal, capture: true };
    this.#text.form.addEventListener("keydown", (event) => this.keyPressed(event), early);
    this.#list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    this.addEventListener("submit", (event) => this.submitted(event), { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  async typed() {
    if (this.#begun !== null) {
      this.#loading ??= this.#load();
      await this.#loading;
    }
    this.#show();
  }

  keyPressed(event) {
    if (this.#list.hidden || event.isComposing || !this.#reacts(event)) {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  clicked(event) {
    const choice = event.target.closest("[role=option]");
    if (choice) {
      void this.#choose(choice);
    } else if (event.target.closest("[data-part=cancel]")) {
      event.preventDefault();
      this.#dialog.close();
    }
  }

  async submitted(event) {
    event.preventDefault();
    const form = event.target;

    try {
      const body = new URLSearchParams(new FormData(form));
      const text = await fetchText(form.action, { ...TEXT, body });
      if (this.#dialog.open) {
        this.#dialog.close();
        this.#insert(text);
      }
    } catch {
      form.submit();
    }
  }

  async #load() {
    const choices = await fetchText(this.getAttribute("src")).catch(() => "");
    this.#list.replaceChildren(parse(choices));
    if (!choices) {
      this.#loading = null;
    }
  }

  #show() {
    const begun = this.#begun;
    for (const choice of this.#list.children) {
      choice.hidden = begun === null || !choice.dataset.name.includes(begun);
    }
    this.#list.hidden = this.#choices.length === 0;
    this.#activate(this.#choices[0]);
  }

  #close() {
    this.#list.hidden = true;
    this.#activate(null);
  }

  #activate(active) {
    for (const choice of this.#list.children) {
      choice.ariaSelected = choice === active;
    }
    if (active) {
      this.#text.setAttribute("aria-activedescendant", active.id);
      active.scrollIntoView({ block: "nearest" });
    } else {
      this.#text.removeAttribute("aria-activedescendant");
    }
  }

  #reacts(event) {
    if (event.key === "ArrowDown") {
      this.#step(1);
    } else if (event.key === "ArrowUp") {
      this.#step(-1);
    } else if (event.key === "Escape") {
      this.#close();
    } else if (isPlainEnter(event) || (event.key === "Tab" && !event.shiftKey)) {
      void this.#choose(this.#active);
    } else {
      return false;
    }
    return true;
  }

  #step(by) {
    const choices = this.#choices;
    const next = choices.indexOf(this.#active) + by + choices.length;
    this.#activate(choices[next % choices.length]);
  }

  async #choose({ dataset }) {
    this.#end = this.#text.selectionStart;
    this.#close();
    try {
      if ("asks" in dataset) {
        await this.#ask(dataset.address);
      } else {
        this.#insert(await fetchText(dataset.address, TEXT));
      }
    } catch {
      location.assign(dataset.address);
    }
  }

  async #ask(address) {
    const form = parse(await fetchText(address)).querySelector("[data-part=gaps]");
    this.#dialog.replaceChildren(form);
    this.#dialog.showModal();
  }

  // In the place of its name; what stands behind the cursor stays.
  #insert(text) {
    const name = this.#text.value.slice(0, this.#end);
    this.#text.focus();
    this.#text.setRangeText(text, begunIn(name) === null ? this.#end : 0, this.#end, "end");
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  get #begun() {
    const { value, selectionStart } = this.#text;
    return this.#text.matches(":focus") ? begunIn(value.slice(0, selectionStart)) : null;
  }

  get #choices() {
    return [...this.#list.children].filter((choice) => !choice.hidden);
  }

  get #active() {
    return this.#list.querySelector("[aria-selected=true]");
  }

  get #text() {
    return document.getElementById(this.getAttribute("for"));
  }

  get #list() {
    return this.querySelector("[data-part=list]");
  }

  get #dialog() {
    return this.querySelector("dialog");
  }
}

// What was typed of a name; null where none was begun.
function begunIn(text) {
  return /^\/(\S*)$/.exec(text)?.[1].toLowerCase() ?? null;
}

customElements.define("prompt-completion", PromptCompletion);
