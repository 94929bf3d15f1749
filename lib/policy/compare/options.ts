/** Options of a comparison. */
import type { Catalogue } from '../catalogue-types';

export interface CompareOptions {
  /**
   * The actions of the services in the policies. Witnesses then contain real actions.
   * @default none: action patterns are compared as texts
   */
  readonly catalogue?: Catalogue;
  /**
   * Whether a wildcard such as `s3:Get*` also covers actions that AWS may add later. With `ignore` it covers only the
   * actions in the catalogue, which is then required.
   * @default 'count'
   */
  readonly newActions?: 'count' | 'ignore';
  /**
   * Values of single-valued context keys that every request in question contains, for example the session tags of a
   * grant.
   */
  readonly given?: Readonly<Record<string, string>>;
  /**
   * Whether resource policies, which are not known here, may grant to the caller. If they may, removing an explicit
   * deny widens, even if no compared policy allows what it denied. Removing a boundary then widens too, even if the
   * identity policy is inside it. With `ignore`, only the permissions of the compared policies count.
   * @default 'count'
   */
  readonly resourcePolicies?: 'count' | 'ignore';
  /**
   * The maximum number of search steps. A comparison that needs more returns `unknown`. A step takes microseconds.
   * @default 200000
   */
  readonly steps?: number;
}
