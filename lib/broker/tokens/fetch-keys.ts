/** Fetches an issuer's public keys. */
import { boundedCall, CallFailed } from '../outbound/bounded-call';

/** Milliseconds. A requester waits meanwhile. */
const PATIENCE = 3000;
/** A key has 400 to 2,000 bytes with its certificates, and an issuer has a few. */
const MOST_BYTES = 64 * 1024;

/** The text of a key set. @throws {CallFailed} */
export async function fetchKeys(url: URL): Promise<string> {
  const { status, body } = await boundedCall(url, {
    method: 'GET',
    headers: { accept: 'application/json' },
    signal: AbortSignal.timeout(PATIENCE),
    maxBytes: MOST_BYTES,
  });
  if (status !== 200) throw new CallFailed('unreachable', `HTTP ${status}`);
  return body.toString('utf8');
}
