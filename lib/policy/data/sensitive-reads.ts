/**
 * Actions that return sensitive information. Most of these actions have level Read or List. Some actions have level
 * Write, because the level does not describe what is returned. A role may permit such an action only if the definition
 * lists the action explicitly and gives a reason.
 */
import { SENSITIVE_CONFIGURATION } from './sensitive-configuration';
import { SENSITIVE_CREDENTIALS } from './sensitive-credentials';
import { SENSITIVE_DATA } from './sensitive-data';
import type { SourcedAction } from './sources';

/**
 * The information that is returned. `data` means the customer's own data. `credentials` means keys, tokens and
 * passwords. `configuration` means settings that often contain secrets or that describe the whole account.
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
