/** Options of a comparison. */
import type { Catalogue } from '../catalogue-types';

export interface CompareOptions {
  /**
   * A catalogue with the services in the policies, so that witnesses contain real actions.
   * @default none: action patterns are compared as texts
   */
  readonly catalogue?: Catalogue;
  /**
   * Whether a wildcard such as `s3:Get*` also covers actions that AWS may add later. With `ignore`, a wildcard covers
   * only the actions in the catalogue, so a catalogue is required.
   * @default 'count'
   */
  readonly newActions?: 'count' | 'ignore';
  /**
   * Values of single-valued context keys that every compared request contains, for example the session tags of a grant.
   */
  readonly given?: Readonly<Record<string, string>>;
  /**
   * Whether unknown resource policies may grant access to the caller. With `count`, removing an explicit deny is a
   * widening, even if no compared policy allows the denied requests. Removing a boundary is a widening too, even if the
   * identity policy is inside the boundary. With `ignore`, only the permissions of the compared policies count.
   * @default 'count'
   */
  readonly resourcePolicies?: 'count' | 'ignore';
  /**
   * The maximum number of search steps. A comparison that needs more steps returns `unknown`. One step takes a few
   * microseconds.
   * @default 200000
   */
  readonly steps?: number;
}
