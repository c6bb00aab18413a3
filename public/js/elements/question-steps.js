import { isOverlaid } from "../lib/keys.js";

const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const STOPS =
  ".transcript__earlier a, .message--question, .transcript__later a:first-child, .composer__input";
// Where a step puts a question: below the edge of the window, as every link to a message does.
const EDGE_PX = 64;
const SLACK_PX = 8;

class QuestionSteps extends HTMLElement {
  #leaving = null;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    document.addEventListener("keydown", (event) => this.keyPressed(event), { signal });
  }

  disconnectedCallback() {
    this.#leaving.abort();
  }

  clicked({ target }) {
    const button = target.closest("[data-step]");
    if (button) {
      this.#step(Number(button.dataset.step), null);
    }
  }

  keyPressed(event) {
    const { key, target, altKey, ctrlKey, metaKey, shiftKey } = event;
    const isPressed = altKey && !ctrlKey && !metaKey && !shiftKey && STEPS[key];
    // In a text that is being written the same keys may move the cursor.
    if (isPressed && !target.value && !isOverlaid()) {
      event.preventDefault();
      this.#step(STEPS[key], target.closest(STOPS));
    }
  }

  #step(step, from) {
    const stops = [...document.querySelectorAll(STOPS)];
    const next =
      from && !isComposer(from) ? stops[stops.indexOf(from) + step] : seen(stops, step, from);
    if (next) {
      goTo(next);
    }
  }
}

// From the composer up, that is the question that stands nearest above it; else it is by what the reader sees.
function seen(stops, step, from) {
  const top = (stop) => stop.getBoundingClientRect().top;
  if (step > 0) {
    return stops.find((stop) => top(stop) > EDGE_PX + SLACK_PX);
  }
  const edge = from ? top(from) : EDGE_PX - SLACK_PX;
  return stops.findLast((stop) => stop !== from && top(stop) < edge);
}

// The focus goes along, so that Tab and screen readers go on from there.
function goTo(stop) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const behavior = still ? "instant" : "smooth";
  if (isComposer(stop)) {
    scrollTo({ top: document.scrollingElement.scrollHeight, behavior });
  } else {
    stop.scrollIntoView({ behavior });
  }
  if (stop.localName === "article") {
    stop.tabIndex = -1;
  }
  stop.focus({ preventScroll: true });
}

function isComposer(stop) {
  return stop.matches(".composer__input");
}

customElements.define("question-steps", QuestionSteps);
