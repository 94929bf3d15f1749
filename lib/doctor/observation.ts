/** What a verification observes. */

/** Severities, from lowest to highest. */
export type DamageSeverity = 'low' | 'medium' | 'high' | 'critical';

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
