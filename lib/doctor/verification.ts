/** A verification: one question about the live account, and the answers that it can have. */
import type { Environment } from '@leasehold/definitions';
import type { Machine } from './here/machine';
import type { Live } from './live/live';
import type { DamageSeverity, Observation, Part } from './observation';

export type { Damage, DamageSeverity, Observation, Part, Unchecked } from './observation';
export { PARTS } from './observation';

/** What a verification knows and may read. */
export interface AccountContext {
  readonly environment: Environment;
  readonly live: Live;
  readonly now: Date;
  /** SHA-256 of the broker's deployment package in base64; `undefined` if it is not known. */
  readonly brokerCode: string | undefined;
  /** Verifies the stored events of a lease offline: `undefined` if they are complete and possible, else why not. */
  readonly verifyRecord: ((lease: string, events: readonly unknown[]) => string | undefined) | undefined;
}

/** The properties of every verification. */
export interface VerificationFacts {
  /** In kebab-case. It never changes. */
  readonly id: string;
  readonly part: Part;
  readonly severity: DamageSeverity;
  /** What is true in an undamaged account, as one sentence without a full stop. */
  readonly title: string;
  /** Why it matters, for the page. */
  readonly why: string;
}

/** A verification of the account. */
export interface AccountVerification extends VerificationFacts {
  readonly part: Exclude<Part, 'here'>;
  /** Whether the environment has what is verified. @default always */
  readonly applies?: (environment: Environment) => boolean;
  /** Whether it judges the calls of the other verifications, and so runs when they have ended. @default false */
  readonly afterOthers?: boolean;
  /**
   * Reads and judges. Throws `Unread` if nothing can be read.
   */
  readonly verify: (context: AccountContext) => Promise<readonly Observation[]>;
}

/** A verification of the machine on which the agent runs. */
export interface MachineVerification extends VerificationFacts {
  readonly part: 'here';
  readonly verify: (machine: Machine) => Promise<readonly Observation[]>;
}

export type Verification = AccountVerification | MachineVerification;
