import { parse, scriptUrl } from "../lib/fragments.js";
import { isOverlaid, isTyping } from "../lib/keys.js";

const PAUSE_MS = 100;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

// What the keys open: the palette of conversations and places, and the sheet of shortcuts.
class QuickOpen extends HTMLElement {
  #leaving = new AbortController();
  #chosen = 0;
  #timer = 0;

  connectedCallback() {
    const { signal } = this.#leaving;
    document.addEventListener("keydown", (event) => this.shortcutPressed(event), { signal });
    this.#input.addEventListener("keydown", (event) => this.keyPressed(event), { signal });
    this.addEventListener("input", () => this.typed(), { signal });
    this.addEventListener("click", ({ target }) => this.#go(target.closest("li")), { signal });
    navigator.serviceWorker?.register(scriptUrl("/service-worker.js")).catch(() => {});
  }

  disconnectedCallback() {
    this.#leaving.abort();
    clearTimeout(this.#timer);
  }

  shortcutPressed(event) {
    const { ctrlKey, metaKey, shiftKey, altKey } = event;
    const isCommand = (ctrlKey || metaKey) && !altKey;
    const key = event.key.toLowerCase();
    if (key === "?" && !isTyping(event) && !isOverlaid()) {
      event.preventDefault();
      void this.#openSheet();
    } else if (isCommand && !shiftKey && key === "k") {
      event.preventDefault();
      this.#openPalette();
    } else if (isCommand && shiftKey && key === "o") {
      event.preventDefault();
      location.assign("/");
    }
  }

  keyPressed(event) {
    if (STEPS[event.key]) {
      event.preventDefault();
      this.#choose(this.#chosen + STEPS[event.key]);
    } else if (event.key === "Enter" && !event.isComposing) {
      this.#go(this.#options[this.#chosen]);
    }
  }

  typed() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#find(this.#input.value), PAUSE_MS);
  }

  #openPalette() {
    this.#input.value = "";
    document.getElementById("palette").showPopover();
    void this.#find("");
  }

  // What was looked for while one went on typing, nobody waits for any more.
  async #find(q) {
    const found = await fetched(`/search/titles?${new URLSearchParams({ q })}`);
    if (found && this.#input.value === q) {
      this.querySelector("ul").replaceChildren(found);
      this.#choose(0);
    }
  }

  async #openSheet() {
    const page = await fetched("/shortcuts");
    if (page) {
      this.querySelector("[data-part=sheet]").replaceChildren(page.querySelector(".keys"));
      document.getElementById("keys").showPopover();
    }
  }

  #choose(index) {
    const options = this.#options;
    this.#chosen = (index + options.length) % (options.length || 1);
    for (const [at, each] of options.entries()) {
      each.ariaSelected = at === this.#chosen;
    }
    this.#input.setAttribute("aria-activedescendant", options[this.#chosen]?.id ?? "");
    options[this.#chosen]?.scrollIntoView({ block: "nearest" });
  }

  #go(option) {
    const { href, theme } = option?.dataset ?? {};
    if (href) {
      location.assign(href);
    } else if (theme) {
      const form = this.querySelector("form");
      form.elements.theme.value = theme;
      form.elements.next.value = location.pathname + location.search;
      form.submit();
    }
  }

  get #input() {
    return this.querySelector("[role=combobox]");
  }

  get #options() {
    return [...this.querySelectorAll("[role=option]")];
  }
}

async function fetched(address) {
  const response = await fetch(address, { redirect: "error" }).catch(() => null);
  return response?.ok ? parse(await response.text()) : null;
}

customElements.define("quick-open", QuickOpen);
