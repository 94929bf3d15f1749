/** A connection or listener that several pending requests share. */

/**
 * A shared resource. The first user opens the resource, and the last user closes it. The resource is never open more
 * than once at the same time.
 */
export class WhileUsed<T> {
  readonly #open: () => Promise<T>;
  readonly #close: (opened: T) => Promise<void>;
  #users = 0;
  #opened: Promise<T> | undefined;
  #closed: Promise<void> = Promise.resolve();

  constructor(open: () => Promise<T>, close: (opened: T) => Promise<void>) {
    this.#open = open;
    this.#close = close;
  }

  /** Runs `work` with the open resource. Rejects if the resource cannot be opened. */
  async use<R>(work: (opened: Promise<T>) => Promise<R>): Promise<R> {
    this.#users++;
    this.#opened ??= this.#closed.then(this.#open);
    const opened = this.#opened;
    // Prevents an unhandled rejection when a user stops waiting early.
    opened.catch(() => {});
    try {
      return await work(opened);
    } finally {
      this.#users--;
      if (this.#users === 0) this.#release(opened);
    }
  }

  #release(opened: Promise<T>): void {
    this.#opened = undefined;
    this.#closed = opened.then(this.#close).catch(() => {});
  }
}
