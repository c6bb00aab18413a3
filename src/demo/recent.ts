/** A map that forgets what was not used for longest. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): Value | undefined {
    const value = this.#values.get(key);
    if (value !== undefined) this.set(key, value);
    return value;
  }

  set(key: string, value: Value) {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#most) this.#values.delete(this.#oldest);
  }

  get size(): number {
    return this.#values.size;
  }

  get #oldest(): string {
    return this.#values.keys().next().value ?? "";
  }
}
