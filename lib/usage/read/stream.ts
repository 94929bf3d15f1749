/**
 * Reads a stream of bytes, compressed or not, and splits it into records. The memory use does not depend on the length
 * of the stream.
 */
import { createGunzip } from 'node:zlib';
import type { ProblemKind } from './problem';
import { RecordSplitter } from './split';

export interface StreamReader {
  readonly record: (bytes: Buffer) => void;
  readonly problem: (kind: ProblemKind) => void;
  /** Called if the text is the output of `aws cloudtrail lookup-events`. */
  readonly listing?: () => void;
  /** Called with the number of uncompressed bytes of each chunk. */
  readonly read?: (bytes: number) => void;
}

const CHUNK = 1 << 18;

/**
 * Reads to the end. Reports damaged data as a problem, after the records that precede the damage. Rejects only if
 * reading the source fails, for example because of a disk or network error.
 */
export async function readStream(source: AsyncIterable<Buffer>, reader: StreamReader): Promise<void> {
  const splitter = new RecordSplitter(reader);
  const whole = await readBytes(source, reader, (chunk) => splitter.write(chunk));
  if (whole) splitter.end();
}

/** Calls `take` with the uncompressed bytes. Returns whether the data was complete; if not, the problem is reported. */
export async function readBytes(
  source: AsyncIterable<Buffer>,
  reader: Pick<StreamReader, 'read' | 'problem'>,
  take: (chunk: Buffer) => void,
): Promise<boolean> {
  const counted = (chunk: Buffer) => {
    reader.read?.(chunk.length);
    take(chunk);
  };
  const chunks = source[Symbol.asyncIterator]();
  try {
    const first = await firstBytes(chunks);
    if (first[0] === 0x1f && first[1] === 0x8b) {
      const whole = await unzip(first, chunks, counted);
      if (!whole) reader.problem('broken-gzip');
      return whole;
    }
    if (first.length > 0) counted(first);
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) counted(next.value);
    return true;
  } finally {
    await chunks.return?.();
  }
}

/** Reads at least two bytes, unless the source has fewer. */
async function firstBytes(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  let found = Buffer.alloc(0);
  while (found.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    found = Buffer.concat([found, next.value]);
  }
  return found;
}

/** Whether the compressed data was complete. */
async function unzip(first: Buffer, rest: AsyncIterator<Buffer>, take: (chunk: Buffer) => void): Promise<boolean> {
  const gunzip = createGunzip({ chunkSize: CHUNK });
  let failure: unknown;
  let damaged = false;
  let size = 0;
  const ended = new Promise<void>((resolve) => {
    gunzip.once('end', resolve);
    gunzip.once('error', () => {
      damaged = true;
      resolve();
    });
    gunzip.once('close', resolve);
  });
  gunzip.on('data', (chunk: Buffer) => {
    try {
      take(chunk);
    } catch (error) {
      failure ??= error;
    }
  });
  const write = (chunk: Buffer) =>
    new Promise<void>((resolve) => {
      size += chunk.length;
      if (gunzip.destroyed || gunzip.write(chunk)) resolve();
      else {
        const go = () => {
          gunzip.off('drain', go);
          gunzip.off('close', go);
          resolve();
        };
        gunzip.once('drain', go);
        gunzip.once('close', go);
      }
    });
  try {
    await write(first);
    for (let next = await rest.next(); !next.done && !damaged; next = await rest.next()) await write(next.value);
    gunzip.end();
    await ended;
  } finally {
    gunzip.destroy();
  }
  if (failure !== undefined) throw failure;
  // Zlib ignores zeros after the compressed data, and everything after the zeros.
  return !damaged && gunzip.bytesWritten === size;
}
