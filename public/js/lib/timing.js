const HIDDEN_FRAME_MS = 250;
const LONGEST_REST_MS = 500;

// Does its work once a frame at most, and rests twice as long as it took, layout included: however
// long an answer gets, the page has time for its reader.
export class Pacer {
  #work;
  #cancel = null;
  #readyAt = 0;

  constructor(work) {
    this.#work = work;
  }

  soon() {
    this.#cancel ??= onNextFrame(() => this.#frame());
  }

  cancel() {
    this.#cancel?.();
    this.#cancel = null;
  }

  #frame() {
    this.#cancel = null;
    const start = performance.now();
    if (start < this.#readyAt) {
      this.soon();
    } else {
      setTimeout(() => this.#rest(start));
      this.#work();
    }
  }

  #rest(start) {
    const now = performance.now();
    this.#readyAt = now + Math.min(LONGEST_REST_MS, 2 * (now - start));
  }
}

// A hidden tab draws no frames, so a timer stands in for them.
function onNextFrame(callback) {
  const run = () => {
    cancel();
    callback();
  };
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
  const frame = requestAnimationFrame(run);
  const timer = setTimeout(run, HIDDEN_FRAME_MS);
  return cancel;
}

export function backoffMs(failures, mostMs) {
  return Math.min(mostMs, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
}
