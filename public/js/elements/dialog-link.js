import { opensElsewhere, partBehind } from "../lib/linked-page.js";

// A link whose page opens over this one; where that cannot be, the page itself opens.
class DialogLink extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.clicked);
  }

  async clicked(event) {
    if (opensElsewhere(event) || event.target.closest("a") !== this.#link) {
      return;
    }
    event.preventDefault();

    try {
      await this.#open();
    } catch {
      location.assign(this.#link.href);
    }
  }

  async #open() {
    if (this.ariaBusy) {
      return;
    }
    this.ariaBusy = "true";
    const part = await partBehind(this.#link, "[data-part=dialog]").finally(() => {
      this.ariaBusy = null;
    });
    const dialog = this.#dialogOf(part);
    this.append(dialog);
    dialog.showPopover();
    dialog.querySelector("form :is(select, input, button)")?.focus();
  }

  #dialogOf(part) {
    const dialog = document.createElement("div");
    dialog.className = "dialog";
    dialog.popover = "auto";
    dialog.role = "dialog";
    dialog.ariaLabel = part.querySelector("h1").textContent;
    dialog.append(part);
    dialog.addEventListener("toggle", (event) => event.newState === "closed" && dialog.remove());
    this.#closeBy(part.querySelector("[data-part=close]"), dialog);
    return dialog;
  }

  #closeBy(button, dialog) {
    button.hidden = false;
    button.popoverTargetElement = dialog;
    button.popoverTargetAction = "hide";
  }

  get #link() {
    return this.querySelector("a");
  }
}

customElements.define("dialog-link", DialogLink);
