/** An action with which a caller gains power, and how. */
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
