/**
 * Actions with which the caller can gain more permissions than were granted. No role may contain such an action. In
 * addition, the boundary of every role denies IAM, STS and Organizations.
 */

import { ESCALATION_BY_IDENTITY } from './escalation-by-identity';
import { ESCALATION_BY_ROLE } from './escalation-by-role';
import type { EscalationEntry } from './escalation-entry';

export const ESCALATIONS: readonly EscalationEntry[] = [
  ...ESCALATION_BY_IDENTITY.map((entry) => ({ ...entry, kind: 'identity' as const })),
  ...ESCALATION_BY_ROLE,
];
