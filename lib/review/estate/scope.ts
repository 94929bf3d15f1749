/** Represents the accounts of resources. */
import type { Read } from '../model';

/** The account of a resource, if known. Two resources with the same key are in the same account. */
export interface Scope {
  /** Account id, or a fingerprint of the provider's credentials. */
  readonly key: string;
  readonly account: Read<string>;
  readonly partition: string;
}
