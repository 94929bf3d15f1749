/** Events appended to a file, one line of JSON each. */
import { createWriteStream, openSync, type WriteStream } from 'node:fs';
import { SandboxError } from './errors';
import type { EventLog } from './log';

export class LogFile {
  readonly #stream: WriteStream;

  /** Opens the file at once, readable by its owner alone. Throws `SandboxError` when that fails. */
  constructor(path: string, log: EventLog) {
    let fd: number;
    try {
      fd = openSync(path, 'a', 0o600);
    } catch (cause) {
      throw new SandboxError(`${path} cannot be written`, 'Name a file in a folder that exists.', { cause });
    }
    this.#stream = createWriteStream(path, { fd });
    log.subscribe((event) => this.#stream.write(`${JSON.stringify(event)}\n`));
  }

  /** Writes what is left. */
  close(): Promise<void> {
    return new Promise((resolve) => this.#stream.end(resolve));
  }
}
