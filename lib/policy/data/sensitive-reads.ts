/**
 * Actions that hand out what an agent should not learn in passing. Most are of level Read or List, some are Write: the
 * level says nothing of what is returned. A role may hold one of them only when it is named outright, with a reason.
 */
import { SENSITIVE_CONFIGURATION } from './sensitive-configuration';
import { SENSITIVE_CREDENTIALS } from './sensitive-credentials';
import { SENSITIVE_DATA } from './sensitive-data';
import type { SourcedAction } from './sources';

/**
 * What the caller learns: `data` the customer's own records, `credentials` something to act with, `configuration`
 * settings that often hold secrets or map the account.
 */
export type SensitiveKind = 'data' | 'credentials' | 'configuration';

export interface SensitiveReadEntry extends SourcedAction {
  readonly kind: SensitiveKind;
}

export const SENSITIVE_READS: readonly SensitiveReadEntry[] = [
  ...SENSITIVE_DATA.map((entry) => ({ ...entry, kind: 'data' as const })),
  ...SENSITIVE_CREDENTIALS.map((entry) => ({ ...entry, kind: 'credentials' as const })),
  ...SENSITIVE_CONFIGURATION.map((entry) => ({ ...entry, kind: 'configuration' as const })),
];
