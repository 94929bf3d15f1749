/** An action with which the caller can gain more permissions, and an explanation of the method. */
import type { SourcedAction } from './sources';

/**
 * How the caller gains permissions.
 * - `identity`: by changing permissions or by assuming another identity.
 * - `pass-role`: by passing a role to a service.
 * - `launch`: by starting something that runs with a passed role. This also requires `iam:PassRole`.
 * - `hijack`: by taking over something that already runs with a role. This requires no other action.
 */
export type EscalationKind = 'identity' | 'pass-role' | 'launch' | 'hijack';

export interface EscalationEntry extends SourcedAction {
  readonly kind: EscalationKind;
}
