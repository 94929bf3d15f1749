/**
 * Does one set of policies permit any request that another did not?
 *
 * docs/policy-compare.md says how it is decided, what is proven and what is answered with `unknown`.
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

/** What a comparison found. Treat `unknown` as `widened`. */
export type Comparison =
  /** Proven: every request that `after` permits, `before` permitted. */
  | { readonly kind: 'not-widened' }
  | Widened
  /** Neither proven nor shown otherwise. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** A request that `after` permits and `before` did not, as `evaluate` confirms. */
export interface Widened {
  readonly kind: 'widened';
  readonly witness: Request;
  /**
   * Policies that the witness assumes beside those that were compared, the same for both sides: the trust policy of a
   * role that is assumed, say. `evaluate(witness, prepare({ ...after, ...beside }))` is `allowed`.
   */
  readonly beside: PolicyDocuments;
  /** The witness in words. */
  readonly sentence: string;
}

/**
 * Does `after` permit any request that `before` did not?
 *
 * @throws PolicyError for a document that AWS would refuse. Nothing else is thrown.
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

/** Whether one thing lies inside another. Treat `unknown` as `outside`. */
export type Containment =
  | { readonly kind: 'inside' }
  | (Omit<Widened, 'kind'> & { readonly kind: 'outside' })
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * Does everything that a policy permits lie inside a permissions boundary? What lies outside is not permitted, but says
 * that the policy was meant for more.
 *
 * @throws PolicyError for a document that AWS would refuse. Nothing else is thrown.
 */
export function insideBoundary(
  policy: Permissions,
  boundary: PolicyDocument | readonly PolicyDocument[],
  options: CompareOptions = {},
): Containment {
  return toContainment(compare(boundary, policy, { resourcePolicies: 'ignore', ...options }));
}

/**
 * Is a grant inside its envelope? Name the session's tags in `options.given`, for a grant in which the parameters are
 * filled in and an envelope in which they are variables.
 *
 * @throws PolicyError for a document that AWS would refuse. Nothing else is thrown.
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
