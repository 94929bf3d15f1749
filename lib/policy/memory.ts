/** A cache with a maximum size. When the cache is full, all entries are removed. */
export class Memory<T> {
  readonly #answers = new Map<string, T>();

  /** @param limit Maximum number of entries. A project needs far fewer entries. @default 20000 */
  constructor(private readonly limit = 20_000) {}

  /** Returns the cached result, or computes and caches a new result. */
  get(question: string, answer: () => T): T {
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const found = answer();
    if (this.#answers.size >= this.limit) this.#answers.clear();
    this.#answers.set(question, found);
    return found;
  }
}
