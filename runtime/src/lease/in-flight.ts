/** Combines identical concurrent requests. */
import { aborted } from '../errors';

interface Run<T, N> {
  readonly outcome: Promise<T>;
  readonly controller: AbortController;
  readonly listeners: ((news: N) => void)[];
  /** The last message of the run, for callers that join later. */
  news?: N;
  waiting: number;
}

/**
 * The function that performs a run. Its arguments are a signal that ends the run, and a function that sends a message
 * to all callers.
 */
export type Start<T, N> = (signal: AbortSignal, tell: (news: N) => void) => Promise<T>;

/** Lets all callers with the same request wait for one result. */
export class InFlight<T, N = never> {
  readonly #runs = new Map<string, Run<T, N>>();

  /**
   * Joins the run with this key, or starts it. When `signal` aborts, only this caller stops waiting. When all callers
   * have stopped waiting, the run itself is aborted. `listener` receives the messages of the run.
   * @throws LeaseError `aborted`, and the error of the run
   */
  join(key: string, signal: AbortSignal | undefined, start: Start<T, N>, listener?: (news: N) => void): Promise<T> {
    if (signal?.aborted) return Promise.reject(aborted());
    const run = this.#runs.get(key) ?? this.#start(key, start);
    run.waiting++;
    if (listener !== undefined) {
      run.listeners.push(listener);
      if (run.news !== undefined) listener(run.news);
    }
    if (signal === undefined) return run.outcome;
    return new Promise((resolve, reject) => {
      const leave = () => {
        run.waiting--;
        if (run.waiting === 0) {
          this.#forget(key, run);
          run.controller.abort();
        }
        reject(aborted());
      };
      signal.addEventListener('abort', leave, { once: true });
      run.outcome.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #start(key: string, start: Start<T, N>): Run<T, N> {
    const controller = new AbortController();
    const listeners: Run<T, N>['listeners'] = [];
    const tell = (news: N) => {
      run.news = news;
      for (const listener of listeners) listener(news);
    };
    // Started after `run` exists, so that the run can send a message immediately.
    const outcome = Promise.resolve().then(() => start(controller.signal, tell));
    const run: Run<T, N> = { outcome, controller, listeners, waiting: 0 };
    this.#runs.set(key, run);
    const forget = () => this.#forget(key, run);
    run.outcome.then(forget, forget);
    return run;
  }

  #forget(key: string, run: Run<T, N>): void {
    if (this.#runs.get(key) === run) this.#runs.delete(key);
  }
}
