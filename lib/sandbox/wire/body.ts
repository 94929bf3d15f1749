/** Reads a request's body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error';

/** Maximum size in bytes of a body for STS and IAM. */
export const QUERY_BODY = 256 * 1024;
/**
 * Maximum size in bytes of a body for an HTTP API:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
export const API_BODY = 10 * 1024 * 1024;
/** Maximum size in bytes of any other body. */
export const MOST_BODY = 256 * 1024 * 1024;

/** Reads the whole body. Rejects with `AwsError` if the body exceeds the limit or the sender disconnects. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    // Uses events: an iterator over the stream would double the cost of reading a small body.
    message.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= limit) return;
      chunks.length = 0;
      reject(tooLarge(limit));
      message.destroy();
    });
    message.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)));
    const incomplete = (cause?: Error) =>
      reject(new AwsError(400, 'IncompleteBody', 'The request ended before its body did.', { cause }));
    message.once('error', incomplete);
    message.once('close', () => {
      if (!message.readableEnded) incomplete();
    });
  });
}

function tooLarge(limit: number): AwsError {
  return new AwsError(413, 'EntityTooLarge', `The body of a request can have at most ${limit} bytes in this sandbox.`);
}
