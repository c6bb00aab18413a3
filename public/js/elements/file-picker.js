import { parse } from "../lib/fragments.js";
import { said } from "../lib/said.js";
import { takeBack, upload } from "../lib/uploading.js";

class FilePicker extends HTMLElement {
  #leaving = null;
  #uploading = new Set();
  #sendsThen = false;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.addEventListener("change", (event) => this.changed(event), { signal });
    // Before whatever else listens to it: nothing is sent while a file is on its way.
    const capture = { capture: true, signal };
    this.#form.addEventListener("submit", (event) => this.submitted(event), capture);
    document.addEventListener("paste", (event) => this.pasted(event), { signal });
    for (const type of ["dragover", "dragleave", "drop"]) {
      document.addEventListener(type, (event) => this.dragged(event), { signal });
    }
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  changed({ target }) {
    if (target === this.#input) {
      this.#take(target.files);
      target.value = "";
    } else if (!target.checked) {
      takeBack(target.value);
      target.closest("li").remove();
      this.#input.focus();
    }
  }

  submitted(event) {
    if (this.#uploading.size > 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#sendsThen = true;
    }
  }

  pasted(event) {
    const { files } = event.clipboardData;
    if (files.length > 0 && this.#isMeant(event)) {
      event.preventDefault();
      this.#take(files);
    }
  }

  dragged(event) {
    const { type, dataTransfer, relatedTarget } = event;
    const isMeant = dataTransfer.types.includes("Files") && this.#isMeant(event);
    if (isMeant && type !== "dragleave") {
      event.preventDefault();
    }
    if (isMeant && type === "drop") {
      this.#take(dataTransfer.files);
    }
    this.toggleAttribute("dropping", isMeant && (type === "dragover" || relatedTarget !== null));
  }

  // The form that it comes to, or else the composer.
  #isMeant({ target }) {
    const form = target.closest?.("form:has(file-picker)");
    return (form ?? document.querySelector(".composer__form")) === this.#form;
  }

  #take(files) {
    for (const file of files) {
      void this.#upload(file);
    }
  }

  async #upload(file) {
    const leaving = new AbortController();
    const chip = this.#begin(file, leaving);
    const onProgress = (part) =>
      say(chip, part < 1 ? `${Math.floor(part * 100)} %` : said("reading"));

    try {
      if (file.size > Number(this.getAttribute("limit"))) {
        throw new Error(this.getAttribute("limit-words"));
      }
      this.#uploading.add(chip);
      const place = { conversation: this.#conversation, signal: leaving.signal };
      chip.replaceWith(parse(await upload(file, { ...place, onProgress })));
    } catch (error) {
      chip.classList.add("file--failed");
      chip.querySelector(".file__about").setAttribute("role", "alert");
      say(chip, error.message);
      this.#sendsThen = false;
    }

    this.#uploading.delete(chip);
    this.#send();
  }

  #begin({ name }, leaving) {
    const chip = this.#part("pending").content.firstElementChild.cloneNode(true);
    const cancel = chip.querySelector("button");
    chip.querySelector(".file__name").textContent = name;
    cancel.setAttribute("aria-label", said("leave-out", name));
    cancel.addEventListener("click", () => {
      leaving.abort();
      chip.remove();
      this.#input.focus();
    });
    this.#part("files").append(chip);
    return chip;
  }

  #send() {
    if (this.#uploading.size === 0 && this.#sendsThen) {
      this.#sendsThen = false;
      this.#form.requestSubmit();
    }
  }

  #part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }

  // Where it waits until it is sent; null for a version, which has no draft.
  get #conversation() {
    const { draft, conversation } = this.#form.elements;
    return draft ? (conversation?.value ?? "") : null;
  }

  get #input() {
    return this.querySelector("[type=file]");
  }

  get #form() {
    return this.closest("form");
  }
}

function say(chip, words) {
  chip.querySelector(".file__about").textContent = words;
}

customElements.define("file-picker", FilePicker);
