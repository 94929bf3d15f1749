/** Accounts of resources. */
import type { Read } from '../model';

/** An account, as far as it is known. Two resources with the same key live in the same account. */
export interface Scope {
  /** Account id, or a fingerprint of the provider's credentials. */
  readonly key: string;
  readonly account: Read<string>;
  readonly partition: string;
}
