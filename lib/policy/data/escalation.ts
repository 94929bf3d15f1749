/**
 * Actions with which a caller ends up with more power than it was given. A role never holds one, and its boundary
 * keeps IAM, STS and Organizations out of reach besides.
 */

import { ESCALATION_BY_IDENTITY } from './escalation-by-identity';
import { ESCALATION_BY_ROLE } from './escalation-by-role';
import type { EscalationEntry } from './escalation-entry';

export const ESCALATIONS: readonly EscalationEntry[] = [
  ...ESCALATION_BY_IDENTITY.map((entry) => ({ ...entry, kind: 'identity' as const })),
  ...ESCALATION_BY_ROLE,
];
