/** Forwards AWS's response to the client, unless the response contains parts of the lease's signature. */
import type { IncomingMessage } from 'node:http';
import { AuthRefusal, AwsError, errorCode } from '@leasehold/sandbox/requests';

/** Maximum size in bytes of an error response. Such a response is read before it is forwarded. */
const LONGEST_ERROR = 256 * 1024;

/** The response headers for the client's connection. */
export function answerHeaders({ headers }: IncomingMessage): Readonly<Record<string, string | string[]>> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !NOT_ANSWERED.has(name));
  return Object.fromEntries(kept) as Readonly<Record<string, string | string[]>>;
}

/** AWS's id of the request. */
export function requestIdOf({ headers }: IncomingMessage): string | undefined {
  const id = headers['x-amzn-requestid'] ?? headers['x-amz-request-id'] ?? headers['x-amz-requestid'];
  return typeof id === 'string' ? id : undefined;
}

/**
 * Reads an error response from AWS.
 * @param isLeakedIn Whether one of the texts contains a secret of the lease.
 * @throws AuthRefusal, AwsError if the error is about the signature of the lease. Such an error can repeat what was
 * signed, which contains the session token.
 */
export async function readError(
  message: IncomingMessage,
  isLeakedIn: (texts: readonly string[]) => Promise<boolean>,
): Promise<{ readonly body: Buffer; readonly code: string }> {
  const body = await wholeBody(message);
  const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
  const code = errorCode({ status: message.statusCode ?? 502, headers, body }) ?? 'Unknown';
  if (OVER.test(code)) throw new AuthRefusal('expired-token');
  const text = body.toString('latin1');
  const isRepeated = /StringToSign|String-to-Sign/.test(text) || (await isLeakedIn([text, ...Object.values(headers)]));
  if (!OF_SIGNATURE.test(code) && !isRepeated) {
    return { body, code };
  }
  throw new AwsError(403, 'AccessDenied', `AWS rejected the signature of leasehold proxy: ${code.slice(0, 60)}.`);
}

async function wholeBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LONGEST_ERROR)
      throw new AwsError(502, 'BadGateway', 'The error response of AWS is too long for leasehold proxy.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const OVER = /^(?:ExpiredToken|RequestExpired|TokenRefreshRequired)/;
const OF_SIGNATURE =
  /^(?:SignatureDoesNotMatch|InvalidSignatureException|IncompleteSignature|Invalid(?:AccessKeyId|ClientTokenId|Token|Security)$|UnrecognizedClient|MissingAuthenticationToken|AuthFailure$|RequestTimeTooSkewed)/;

const NOT_ANSWERED: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'transfer-encoding',
  'upgrade',
]);
