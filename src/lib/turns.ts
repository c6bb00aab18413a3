/**
 * Lets so many pieces of work run at once; so many more wait in line, and beyond that nothing is taken. What is urgent
 * waits only for what is urgent, too.
 */
export class Turns {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #urgent: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  get isFull(): boolean {
    return this.#running >= this.#most && this.#waiting.length >= this.#mostWaiting;
  }

  async take<T>(work: () => Promise<T>, { isUrgent = false } = {}): Promise<T> {
    const line = isUrgent ? this.#urgent : this.#waiting;
    if (this.#running < this.#most) this.#running += 1;
    else await new Promise<void>((resolve) => line.push(resolve));

    try {
      return await work();
    } finally {
      const next = this.#urgent.shift() ?? this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
