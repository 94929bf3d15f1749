/** Events appended to a file, one line of JSON each. */
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { SandboxError } from './errors';
import type { EventLog } from './log';

export class LogFile {
  readonly #stream: WriteStream;
  readonly #path: string;
  #failure: Error | undefined;

  /** Opens the file at once, readable by its owner alone. Throws `SandboxError` when that fails. */
  constructor(path: string, log: EventLog) {
    let fd: number;
    try {
      fd = openSync(path, 'a', 0o600);
    } catch (cause) {
      throw new SandboxError(`${path} cannot be written`, 'Name a file in a folder that exists.', { cause });
    }
    this.#path = path;
    this.#stream = createWriteStream(path, { fd });
    this.#stream.on('error', (cause) => {
      this.#failure ??= cause;
    });
    log.subscribe((event) => this.#stream.write(`${JSON.stringify(event)}\n`));
  }

  /** Writes what is left. Throws `SandboxError` when some event could not be written. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end();
    });
    if (this.#failure === undefined) return;
    throw new SandboxError(`${this.#path} could not be written to its end`, 'Make room for the log.', {
      cause: this.#failure,
    });
  }
}
