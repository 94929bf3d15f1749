/**
 * Reads a stream of bytes, compressed or not, and splits it into records. The memory use does not depend on the length
 * of the stream.
 */
import type { ProblemKind } from './problem';
import { RecordSplitter } from './split';
import { Unpacked } from './unpack';

export interface StreamReader {
  readonly record: (bytes: Buffer) => void;
  readonly problem: (kind: ProblemKind) => void;
  /** Called if the text is the output of `aws cloudtrail lookup-events`. */
  readonly listing?: () => void;
  /** Called with the number of uncompressed bytes of each chunk. */
  readonly read?: (bytes: number) => void;
}

/**
 * Reads the stream to the end. If data is damaged, passes on the records before the damage and then reports a problem.
 * Rejects only if reading the source fails, for example because of a disk or network error.
 */
export async function readStream(source: AsyncIterable<Buffer> | Unpacked, reader: StreamReader): Promise<void> {
  const splitter = new RecordSplitter(reader);
  const whole = await readBytes(source, reader, (chunk) => splitter.write(chunk));
  if (whole) splitter.end();
}

/**
 * Calls `take` with the uncompressed bytes. Returns whether the data was complete. Reports a problem if data was
 * missing.
 */
export async function readBytes(
  source: AsyncIterable<Buffer> | Unpacked,
  reader: Pick<StreamReader, 'read' | 'problem'>,
  take: (chunk: Buffer) => void,
): Promise<boolean> {
  const chunks = source instanceof Unpacked ? source : new Unpacked(source);
  try {
    for (let chunk = await chunks.next(); chunk !== undefined; chunk = await chunks.next()) {
      reader.read?.(chunk.length);
      take(chunk);
    }
  } finally {
    await chunks.close();
  }
  if (chunks.broken) reader.problem('broken-gzip');
  return !chunks.broken;
}
