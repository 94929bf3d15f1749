/**
 * Webhook signatures in both directions: HMAC-SHA256 over id, timestamp and body. Source:
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { channelFailed } from '../question';

/** Headers of a signed message, in lower case. */
export interface SignedHeaders {
  readonly 'webhook-id': string;
  /** Time of the message in seconds since 1970. */
  readonly 'webhook-timestamp': string;
  /** `v1,` followed by the signature in base64. Several signatures are separated by spaces. */
  readonly 'webhook-signature': string;
}

/** Maximum difference in seconds between a timestamp and the current time. */
export const TOLERANCE = 300;

/** Minimum length of a secret in bytes, as the specification requires. */
const SHORTEST_SECRET = 24;

/**
 * A secret as bytes: `whsec_` and base64, or any other text.
 * @throws LeaseError `channel-failed` if the secret is too short
 */
export function secretBytes(secret: string): Buffer {
  const bytes = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  if (bytes.length >= SHORTEST_SECRET) return bytes;
  throw channelFailed(
    `the webhook's secret has ${bytes.length} bytes; it needs ${SHORTEST_SECRET}`,
    'Generate one with `openssl rand -base64 32` and prefix it with whsec_.',
    false,
  );
}

/** Creates the signature headers for a body. */
export function sign(secret: Buffer, id: string, body: string, now: number = Date.now()): SignedHeaders {
  const timestamp = String(Math.floor(now / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature(secret, id, timestamp, body).toString('base64')}`,
  };
}

/** Whether the headers contain a recent timestamp and a valid signature of the body. Compares in constant time. */
export function verifies(
  secret: Buffer,
  headers: Readonly<Record<string, unknown>>,
  body: string,
  now: number = Date.now(),
): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof given !== 'string') return false;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) return false;
  const expected = signature(secret, id, timestamp, body);
  return given.split(' ').some((each) => {
    const [version, text = ''] = each.split(',');
    const bytes = Buffer.from(text, 'base64');
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
}

function signature(secret: Buffer, id: string, timestamp: string, body: string): Buffer {
  return createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest();
}
