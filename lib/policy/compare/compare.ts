/**
 * Determines whether one set of policies permits a request that another set did not permit.
 *
 * docs/policy-compare.md describes the method, what is proven, and when the result is `unknown`.
 */

import type { PolicyDocument } from '../document';
import type { PolicyDocuments } from '../evaluate/policies';
import type { Request } from '../evaluate/request';
import { OverBudget } from './budget';
import type { CompareOptions } from './options';
import { BOUNDARY_DROPPED, reasonOf, sentenceOf } from './sentences';
import { boundaryDropped, notComparable, type Permissions, readSide } from './sides';
import { findWidening } from './widening';
import type { Confirmed, Outcome } from './witness';

export type { Permissions } from './sides';

/** The result of a comparison. Treat `unknown` as `widened`. */
export type Comparison =
  /** Proven: `before` permitted every request that `after` permits. */
  | { readonly kind: 'not-widened' }
  | Widened
  /** Neither proven nor disproven. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A request that `after` permits and `before` did not permit. `evaluate` has confirmed this. */
export interface Widened {
  readonly kind: 'widened';
  readonly witness: Request;
  /**
   * Policies that `evaluate` needs in addition to the compared policies in order to evaluate the witness, for example
   * the trust policy of an assumed role. The additional policies are the same for both sides.
   * `evaluate(witness, prepare({ ...after, ...beside }))` is `allowed`.
   */
  readonly beside: PolicyDocuments;
  /** The witness as a sentence. */
  readonly sentence: string;
}

/**
 * Whether `after` permits a request that `before` did not permit.
 *
 * @throws PolicyError for a document that AWS would reject. No other errors are thrown.
 */
export function compare(before: Permissions, after: Permissions, options: CompareOptions = {}): Comparison {
  const [earlier, later] = [readSide(before), readSide(after)];
  const odd = notComparable(earlier, later);
  if (odd !== undefined) return { kind: 'unknown', reason: odd };
  const left: Outcome[] = [];
  try {
    const found = findWidening(earlier, later, options, left);
    if (found !== undefined) return widened(found);
  } catch (error) {
    if (!(error instanceof OverBudget)) throw error;
    return { kind: 'unknown', reason: reasonOf(left, true) };
  }
  if (left.length > 0) return { kind: 'unknown', reason: reasonOf(left, false) };
  return boundaryDropped(earlier, later) && options.resourcePolicies !== 'ignore'
    ? { kind: 'unknown', reason: BOUNDARY_DROPPED }
    : { kind: 'not-widened' };
}

/** The result of a containment check. Treat `unknown` as `outside`. */
export type Containment =
  | { readonly kind: 'inside' }
  | (Omit<Widened, 'kind'> & { readonly kind: 'outside' })
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Whether a permissions boundary permits everything that a policy permits. Requests outside the boundary are denied
 * anyway, but they show that the policy is wider than the boundary.
 *
 * @throws PolicyError for a document that AWS would reject. No other errors are thrown.
 */
export function insideBoundary(
  policy: Permissions,
  boundary: PolicyDocument | readonly PolicyDocument[],
  options: CompareOptions = {},
): Containment {
  return toContainment(compare(boundary, policy, { resourcePolicies: 'ignore', ...options }));
}

/**
 * Whether a grant permits only what its envelope permits. Parameters have values in the grant, and are policy variables
 * in the envelope. Pass the session's tags in `options.given`.
 *
 * @throws PolicyError for a document that AWS would reject. No other errors are thrown.
 */
export function insideEnvelope(grant: Permissions, envelope: Permissions, options: CompareOptions = {}): Containment {
  return toContainment(compare(envelope, grant, { resourcePolicies: 'ignore', ...options }));
}

function toContainment(comparison: Comparison): Containment {
  if (comparison.kind === 'not-widened') return { kind: 'inside' };
  return comparison.kind === 'widened' ? { ...comparison, kind: 'outside' } : comparison;
}

function widened(found: Confirmed): Widened {
  return { kind: 'widened', witness: found.request, beside: found.setting.documents, sentence: sentenceOf(found) };
}
