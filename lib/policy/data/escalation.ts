/**
 * Actions with which a caller ends up with more power than it was given. A role never holds one, and its boundary
 * keeps IAM, STS and Organizations out of reach besides.
 */

import { ESCALATION_BY_IDENTITY } from './escalation-by-identity';
import { ESCALATION_BY_ROLE } from './escalation-by-role';
import type { SourcedAction } from './sources';

/**
 * How the power is gained: `identity` by changing who may do what, or by becoming somebody else; `pass-role` by handing
 * a role to a service; `launch` by starting something that runs with a handed role, which needs `iam:PassRole` beside
 * it; `hijack` by taking over something that already runs with a role, which needs nothing beside it.
 */
export type EscalationKind = 'identity' | 'pass-role' | 'launch' | 'hijack';

export interface EscalationEntry extends SourcedAction {
  readonly kind: EscalationKind;
}

export const ESCALATIONS: readonly EscalationEntry[] = [
  ...ESCALATION_BY_IDENTITY.map((entry) => ({ ...entry, kind: 'identity' as const })),
  ...ESCALATION_BY_ROLE,
];
