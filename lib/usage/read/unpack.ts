/**
 * Reads bytes, compressed or not, a few chunks ahead of their reader. Zlib decompresses in another thread, so the next
 * chunk is decompressed while the records of the current chunk are counted.
 */
import { createGunzip } from 'node:zlib';

/** Maximum size of a decompressed chunk in bytes. */
const CHUNK = 1 << 18;
/** Number of chunks that may wait for the reader. */
const AHEAD = 4;
/**
 * The number of compressed bytes that zlib receives at once. Gzip can reduce data to about one thousandth of its size
 * at most, so this number also limits the decompressed bytes that wait for the reader.
 */
const SLICE = 1 << 14;

/** Starts to read immediately. The caller must call `next` until the end, or call `close`. */
export class Unpacked {
  readonly #waiting: Buffer[] = [];
  readonly #done: Promise<void>;
  #ended = false;
  #closed = false;
  #broken = false;
  #failure: { readonly error: unknown } | undefined;
  /** Called when a chunk arrives, and at the end. */
  #arrived: (() => void) | undefined;
  /** Called when the reader has taken a chunk, and when the reader stops. */
  #taken: (() => void) | undefined;

  constructor(source: AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>) {
    this.#done = this.#read(source)
      .catch((error: unknown) => {
        this.#failure = { error };
      })
      .then(() => {
        this.#ended = true;
        this.#arrived?.();
      });
  }

  /** Whether the compressed data ended early or was damaged. Known at the end. */
  get broken(): boolean {
    return this.#broken;
  }

  /**
   * The next chunk; `undefined` at the end. If reading the source failed, returns the chunks that were read and then
   * rejects.
   */
  async next(): Promise<Buffer | undefined> {
    while (this.#waiting.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    const chunk = this.#waiting.shift();
    this.#taken?.();
    if (chunk === undefined && this.#failure !== undefined) throw this.#failure.error;
    return chunk;
  }

  /** Stops reading, and closes the source. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#taken?.();
    await this.#done;
  }

  async #read(opening: AsyncIterable<Buffer> | Promise<AsyncIterable<Buffer>>): Promise<void> {
    const chunks = (await opening)[Symbol.asyncIterator]();
    try {
      const first = await firstBytes(chunks);
      if (first[0] === 0x1f && first[1] === 0x8b) await this.#unzip(first, chunks);
      else await this.#copy(first, chunks);
    } finally {
      await chunks.return?.();
    }
  }

  async #copy(first: Buffer, rest: AsyncIterator<Buffer>): Promise<void> {
    for (let chunk: Buffer | undefined = first; chunk !== undefined && !this.#closed; chunk = await following(rest)) {
      if (chunk.length > 0) this.#add(chunk);
      await this.#room();
    }
  }

  async #unzip(first: Buffer, rest: AsyncIterator<Buffer>): Promise<void> {
    const gunzip = createGunzip({ chunkSize: CHUNK });
    let size = 0;
    let over = false;
    const ended = new Promise<void>((resolve) => {
      const end = () => {
        over = true;
        resolve();
      };
      gunzip.once('end', end).once('close', end);
      gunzip.on('error', () => {
        this.#broken = true;
        end();
      });
    });
    gunzip.on('data', (chunk: Buffer) => this.#add(chunk));
    const write = (slice: Buffer) => {
      size += slice.length;
      return Promise.race([ended, new Promise<void>((resolve) => void gunzip.write(slice, () => resolve()))]);
    };
    // Two slices at a time, so that zlib continues with the second one at once.
    let before: Promise<void> | undefined;
    try {
      for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await following(rest)) {
        for (let at = 0; at < chunk.length; at += SLICE) {
          if (this.#closed || this.#broken) return;
          if (over) size += Math.min(SLICE, chunk.length - at);
          else {
            const current = write(chunk.subarray(at, at + SLICE));
            await before;
            before = current;
            await this.#room();
          }
        }
      }
      await before;
      gunzip.end();
      await ended;
      // Zlib ignores zeros after the compressed data, and everything after the zeros.
      this.#broken ||= gunzip.bytesWritten !== size;
    } finally {
      gunzip.destroy();
    }
  }

  #add(chunk: Buffer): void {
    this.#waiting.push(chunk);
    this.#arrived?.();
  }

  /** Waits until few chunks wait for the reader. */
  async #room(): Promise<void> {
    while (this.#waiting.length >= AHEAD && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#taken = resolve;
      });
    }
  }
}

async function following(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const next = await chunks.next();
  return next.done ? undefined : next.value;
}

/** Reads at least two bytes, unless the source has fewer. */
async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let found = Buffer.alloc(0);
  while (found.length < 2) {
    const next = await following(chunks);
    if (next === undefined) break;
    found = Buffer.concat([found, next]);
  }
  return found;
}
