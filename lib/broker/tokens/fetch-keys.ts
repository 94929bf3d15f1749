/** Fetches the public keys of a token issuer. */
import { boundedCall, CallFailed } from '../outbound/bounded-call';

/** Timeout in milliseconds. The requester waits during this time. */
const PATIENCE = 3000;
/**
 * Maximum size of a key set in bytes. A key with its certificates has 400 to 2,000 bytes, and an issuer has a few keys.
 */
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
