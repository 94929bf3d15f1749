/** The key with which an agent, or a person, asks. */
import { defined } from '@leasehold/contract/defined';
import type { KeyIdentity } from './lease-credentials';

/** A key as the SDK's clients take it; undefined for the SDK's default chain. */
export function keyProvider(
  credentials: KeyIdentity | (() => Promise<KeyIdentity>) | undefined,
): (() => Promise<KeyIdentity>) | undefined {
  if (credentials === undefined) return undefined;
  return async () => keyOf(typeof credentials === 'function' ? await credentials() : credentials);
}

/** A copy: the SDK adds to the object that it is given. */
function keyOf({ accessKeyId, secretAccessKey, sessionToken, expiration }: KeyIdentity): KeyIdentity {
  return {
    accessKeyId,
    secretAccessKey,
    ...defined({ sessionToken, expiration }),
  };
}
