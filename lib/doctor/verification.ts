/** A verification: one question about the live account, and the answers that it can have. */
import type { Environment } from '@leasehold/definitions';
import type { Machine } from './here/machine';
import type { Live } from './live/live';

/** From harmless to an open door. */
export const DAMAGE_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type DamageSeverity = (typeof DAMAGE_SEVERITIES)[number];

/** What is verified, in the order of the report. */
export const PARTS = ['identity', 'roles', 'account', 'broker', 'here'] as const;
export type Part = (typeof PARTS)[number];

/** A difference between the account and what it should be. */
export interface Damage {
  readonly kind: 'damage';
  /** The resource, for example its ARN. */
  readonly place: string;
  /** What was found, as one or two sentences. */
  readonly message: string;
  /** The next step. Following it never permits more than before. */
  readonly hint: string;
  /** @default the severity of the verification */
  readonly severity?: DamageSeverity;
}

/** Something that could not be read. It may be damaged. */
export interface Unchecked {
  readonly kind: 'unchecked';
  readonly place: string;
  /** Why it could not be read. */
  readonly why: string;
  readonly hint: string;
}

/** What a verification observes. No observation means that everything was read and nothing is damaged. */
export type Observation = Damage | Unchecked;

/** What a verification knows and may read. */
export interface Patient {
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
  /**
   * Reads and judges. Throws `Unread` if nothing can be read.
   */
  readonly verify: (patient: Patient) => Promise<readonly Observation[]>;
}

/** A verification of the machine on which the agent runs. */
export interface MachineVerification extends VerificationFacts {
  readonly part: 'here';
  readonly verify: (machine: Machine) => Promise<readonly Observation[]>;
}

export type Verification = AccountVerification | MachineVerification;
