/** Remembers answers, a bounded number of them: when it is full it starts anew. */
export class Memory<T> {
  readonly #answers = new Map<string, T>();

  /** @param limit answers kept; a project asks far fewer questions. @default 20000 */
  constructor(private readonly limit = 20_000) {}

  /** The remembered answer, or the one that is computed now. */
  get(question: string, answer: () => T): T {
    const known = this.#answers.get(question);
    if (known !== undefined) return known;
    const found = answer();
    if (this.#answers.size >= this.limit) this.#answers.clear();
    this.#answers.set(question, found);
    return found;
  }
}
