/** What a comparison may use. */
import type { Catalogue } from '../catalogue-types';

export interface CompareOptions {
  /**
   * The actions of the services that the policies speak of. Witnesses then name real actions.
   * @default none: action patterns are compared as texts
   */
  readonly catalogue?: Catalogue;
  /**
   * Whether a wildcard such as `s3:Get*` also means actions that AWS may add later. `ignore` takes it for the actions
   * that the catalogue lists, and needs one.
   * @default 'count'
   */
  readonly newActions?: 'count' | 'ignore';
  /**
   * Values of single-valued context keys that every request in question is known to carry, for example the tags of the
   * session that a grant is made for.
   */
  readonly given?: Readonly<Record<string, string>>;
  /**
   * Whether policies of resources, which are not known here, may grant to the caller. If they may, an explicit deny that
   * is dropped widens, though no policy compared allows what it denied; and so does a boundary, though the identity
   * policy lies inside it. `ignore` asks what the policies compared permit by themselves.
   * @default 'count'
   */
  readonly resourcePolicies?: 'count' | 'ignore';
  /**
   * How many steps of a search the comparison may take before it answers `unknown`; a step takes microseconds.
   * @default 200000
   */
  readonly steps?: number;
}
