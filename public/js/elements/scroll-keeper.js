const AT_END_PX = 48;

class ScrollKeeper extends HTMLElement {
  #leaving = null;
  #sizes = null;
  #following = true;
  #lastTop = 0;

  connectedCallback() {
    this.#leaving = new AbortController();
    const { signal } = this.#leaving;
    addEventListener("scroll", () => this.scrolled(), { signal, passive: true });
    addEventListener("resize", () => this.grew(), { signal });
    this.#jump?.addEventListener("click", () => this.jumpClicked(), { signal });
    this.#begin();
    this.#observe();
  }

  disconnectedCallback() {
    this.#leaving.abort();
    this.#sizes.disconnect();
  }

  // Growth never scrolls up, so only a reader does; reaching the end again means to follow.
  scrolled() {
    const { scrollTop } = document.scrollingElement;
    if (this.#isAtEnd) {
      this.#following = true;
    } else if (scrollTop < this.#lastTop) {
      this.#following = false;
    }
    this.#lastTop = scrollTop;
    this.#offerJump();
  }

  grew() {
    if (this.#following && !this.#isBeingSelected) {
      this.#goToEnd("instant");
    }
    this.#offerJump();
  }

  jumpClicked() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#following = true;
    this.#goToEnd(still ? "instant" : "smooth");
  }

  // The browser finds the place of a #hash, and of a page come back to.
  #begin() {
    const [navigation] = performance.getEntriesByType("navigation");
    if (!location.hash && navigation?.type === "navigate") {
      this.#goToEnd("instant");
    }
    this.#following = this.#isAtEnd;
    this.#lastTop = document.scrollingElement.scrollTop;
  }

  // What stands around the text, such as the composer, is in the parent's size.
  #observe() {
    this.#sizes = new ResizeObserver(() => this.grew());
    this.#sizes.observe(this);
    this.#sizes.observe(this.parentElement);
  }

  #goToEnd(behavior) {
    scrollTo({ top: document.scrollingElement.scrollHeight, behavior });
  }

  #offerJump() {
    if (this.#jump) {
      this.#jump.hidden = this.#isAtEnd;
    }
  }

  get #isAtEnd() {
    const { scrollHeight, scrollTop, clientHeight } = document.scrollingElement;
    return scrollHeight - scrollTop - clientHeight <= AT_END_PX;
  }

  get #isBeingSelected() {
    const selection = getSelection();
    return !selection.isCollapsed && this.contains(selection.anchorNode);
  }

  get #jump() {
    return document.querySelector("[data-part=jump]");
  }
}

customElements.define("scroll-keeper", ScrollKeeper);
