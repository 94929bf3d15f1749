/** The key that an agent or a person uses to request leases. */
import { defined } from '@leasehold/contract/defined';
import type { KeyIdentity } from './lease-credentials';

/** A key in the format that SDK clients accept. Undefined to use the SDK's default provider chain. */
export function keyProvider(
  credentials: KeyIdentity | (() => Promise<KeyIdentity>) | undefined,
): (() => Promise<KeyIdentity>) | undefined {
  if (credentials === undefined) return undefined;
  return async () => keyOf(typeof credentials === 'function' ? await credentials() : credentials);
}

/** Copies the key, because the SDK adds properties to the object that it receives. */
function keyOf({ accessKeyId, secretAccessKey, sessionToken, expiration }: KeyIdentity): KeyIdentity {
  return {
    accessKeyId,
    secretAccessKey,
    ...defined({ sessionToken, expiration }),
  };
}
