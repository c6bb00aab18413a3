import { said } from "../lib/said.js";

const PAGE = new URL("../../diagrams/frame.html", import.meta.url);
const HIGHEST = 4_000;

// Draws the code block that it stands in, in a page that can reach neither this one nor anybody else.
class MermaidDiagram extends HTMLElement {
  #leaving = null;
  #frame = null;
  #source = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.addEventListener("click", this, { signal });
    // What is still being written is no diagram yet.
    const stream = this.closest("message-stream[src]");
    if (stream) {
      stream.addEventListener("answer-done", () => this.#draw(), { signal, once: true });
    } else {
      this.#draw();
    }
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#giveUp();
  }

  handleEvent() {
    this.#show(this.#frame.hidden);
  }

  #draw() {
    const figure = this.closest("figure.code");
    const { port1, port2 } = new MessageChannel();
    const frame = document.createElement("iframe");
    this.#source = figure.querySelector("pre");
    const message = { source: this.#source.textContent, isDark: isDark() };
    port1.onmessage = ({ data }) => this.#frame && this.#drawn(Number(data.height));
    frame.addEventListener("load", () => frame.contentWindow.postMessage(message, "*", [port2]), {
      once: true,
    });
    frame.className = "code__diagram";
    frame.title = said("diagram");
    frame.loading = "lazy";
    frame.sandbox = "allow-scripts";
    frame.src = PAGE;
    this.#frame = frame;
    figure.append(frame);
  }

  // Its height, and again whenever that has changed; none where it could not be drawn, or is not shown.
  #drawn(height) {
    const isFirst = this.#button.hidden;
    if (height > 0) {
      this.#frame.style.blockSize = `${Math.min(height, HIGHEST)}px`;
      this.#button.hidden = false;
    } else if (isFirst) {
      return this.#giveUp();
    }
    if (isFirst) {
      this.#show(true);
    }
  }

  #show(isDrawn) {
    this.#frame.hidden = !isDrawn;
    this.#source.hidden = isDrawn;
    this.#button.textContent = said(isDrawn ? "source" : "diagram");
  }

  #giveUp() {
    if (this.#frame) {
      this.#show(false);
      this.#frame.remove();
      this.#frame = null;
      this.#button.hidden = true;
    }
  }

  get #button() {
    return this.querySelector("button");
  }
}

function isDark() {
  const { theme } = document.documentElement.dataset;
  return theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
}

customElements.define("mermaid-diagram", MermaidDiagram);
