/** Appends events to a file, one line of JSON for each event. */
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { SandboxError } from './errors';
import type { EventLog } from './log';

export class LogFile {
  readonly #stream: WriteStream;
  readonly #path: string;
  #failure: Error | undefined;

  /** Opens the file immediately, readable only by its owner. Throws `SandboxError` if the file cannot be opened. */
  constructor(path: string, log: EventLog) {
    let fd: number;
    try {
      fd = openSync(path, 'a', 0o600);
    } catch (cause) {
      throw new SandboxError(`${path} cannot be written`, 'Use a file in an existing folder.', { cause });
    }
    this.#path = path;
    this.#stream = createWriteStream(path, { fd });
    this.#stream.on('error', (cause) => {
      this.#failure ??= cause;
    });
    log.subscribe((event) => this.#stream.write(`${JSON.stringify(event)}\n`));
  }

  /** Writes the remaining events. Throws `SandboxError` if an event could not be written. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end();
    });
    if (this.#failure === undefined) return;
    throw new SandboxError(`${this.#path} could not be written completely`, 'Free disk space for the log.', {
      cause: this.#failure,
    });
  }
}
