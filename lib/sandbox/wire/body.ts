/** Reads a request's body, up to a limit. */
import type { IncomingMessage } from 'node:http';
import { AwsError } from './aws-error';

/** Bytes of a body of STS and IAM. */
export const QUERY_BODY = 256 * 1024;
/** Bytes of a body of an HTTP API: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const API_BODY = 10 * 1024 * 1024;
/** Bytes of any other body. */
export const MOST_BODY = 256 * 1024 * 1024;

/** The whole body. Rejects with `AwsError` beyond the limit, and when the sender goes away. */
export async function readBody(message: IncomingMessage, limit: number): Promise<Buffer> {
  if (Number(message.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    // By its events: an iterator over the stream costs as much again as all the rest of reading a small body.
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
  return new AwsError(413, 'EntityTooLarge', `The sandbox takes bodies of at most ${limit} bytes.`);
}
