/** Reads a request's body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error';

/** Bytes of a body of STS and IAM. */
export const QUERY_BODY = 256 * 1024;
/** Bytes of any other body. */
export const MOST_BODY = 256 * 1024 * 1024;

/** The whole body. Throws `AwsError` beyond the limit, and when the sender goes away. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of message) {
      length += chunk.length;
      if (length > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof AwsError) throw cause;
    throw new AwsError(400, 'IncompleteBody', 'The request ended before its body did.', { cause });
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length);
}

function tooLarge(limit: number): AwsError {
  return new AwsError(413, 'EntityTooLarge', `The sandbox takes bodies of at most ${limit} bytes.`);
}
