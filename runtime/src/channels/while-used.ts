/** A connection or listener that several questions share. */

/** Open while anybody uses it: the first user opens it, after the last it is closed. Never open twice. */
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

  /** Runs `work` with it open. Rejects when it cannot be opened. */
  async use<R>(work: (opened: Promise<T>) => Promise<R>): Promise<R> {
    this.#users++;
    this.#opened ??= this.#closed.then(this.#open);
    const opened = this.#opened;
    // A user who leaves early awaits it no more.
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
