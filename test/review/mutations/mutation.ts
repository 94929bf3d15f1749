/** One change of the reference project's plan. */
import type { Severity } from '../../../lib/review/review';
import type { DraftPlan } from './plan';

export interface Mutation {
  readonly name: string;
  mutate(plan: DraftPlan): unknown;
  /** The finding that has to be there, and how bad it is. */
  readonly expect: readonly [id: string, severity: Severity];
}
