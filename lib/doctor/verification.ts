/** Types for verifications. A verification checks one property of the live account or of the machine. */
import type { Environment } from '@leasehold/definitions';
import type { VerifyPasskeys } from './broker/verified-passkeys';
import type { Machine } from './here/machine';
import type { Live } from './live/live';
import type { DamageSeverity, Observation, Part } from './observation';

export type { Damage, DamageSeverity, Observation, Part, Unchecked } from './observation';
export { PARTS } from './observation';

/** The input of a verification, and its access to the account. */
export interface AccountContext {
  readonly environment: Environment;
  readonly live: Live;
  readonly now: Date;
  /** SHA-256 of the broker's deployment package, in base64; `undefined` if unknown. */
  readonly brokerCode: string | undefined;
  /**
   * Verifies the stored events of a lease offline. Returns `undefined` if the events are complete and consistent,
   * otherwise the reason.
   */
  readonly verifyRecord: ((lease: string, events: readonly unknown[]) => string | undefined) | undefined;
  /** Verifies the records of passkeys, in the same way as an audit. */
  readonly verifyPasskeys: VerifyPasskeys | undefined;
}

/** The properties of every verification. */
export interface VerificationFacts {
  /** In kebab-case. It never changes. */
  readonly id: string;
  readonly part: Part;
  readonly severity: DamageSeverity;
  /** The property that the verification checks, as one sentence without a full stop. */
  readonly title: string;
  /** The reason why the verification is important, for the documentation page. */
  readonly why: string;
}

/** A verification of the account. */
export interface AccountVerification extends VerificationFacts {
  readonly part: Exclude<Part, 'here'>;
  /** Whether the verification applies to the environment. @default always */
  readonly applies?: (environment: Environment) => boolean;
  /**
   * Whether the verification runs after all other verifications, because it examines their calls.
   * @default false
   */
  readonly afterOthers?: boolean;
  /** Reads the account and returns the observations. Throws `Unread` if the required data cannot be read. */
  readonly verify: (context: AccountContext) => Promise<readonly Observation[]>;
}

/** A verification of the machine on which the agent runs. */
export interface MachineVerification extends VerificationFacts {
  readonly part: 'here';
  readonly verify: (machine: Machine) => Promise<readonly Observation[]>;
}

export type Verification = AccountVerification | MachineVerification;
