/** Combines identical concurrent requests. */
import { aborted } from '../errors';

interface Run<T> {
  readonly outcome: Promise<T>;
  readonly controller: AbortController;
  waiting: number;
}

/** Lets all callers with the same request wait for one result. */
export class InFlight<T> {
  readonly #runs = new Map<string, Run<T>>();

  /**
   * Joins the run with this key, or starts it. When `signal` aborts, only this caller stops waiting; when all callers
   * have aborted, the run itself is aborted.
   * @throws LeaseError `aborted`, and the error of the run
   */
  join(key: string, signal: AbortSignal | undefined, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (signal?.aborted) return Promise.reject(aborted());
    const run = this.#runs.get(key) ?? this.#start(key, start);
    run.waiting++;
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

  #start(key: string, start: (signal: AbortSignal) => Promise<T>): Run<T> {
    const controller = new AbortController();
    const run: Run<T> = { outcome: start(controller.signal), controller, waiting: 0 };
    this.#runs.set(key, run);
    const forget = () => this.#forget(key, run);
    run.outcome.then(forget, forget);
    return run;
  }

  #forget(key: string, run: Run<T>): void {
    if (this.#runs.get(key) === run) this.#runs.delete(key);
  }
}
