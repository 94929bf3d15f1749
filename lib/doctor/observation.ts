/** Types for the observations of a verification. */

/** Severities, from lowest to highest. */
export type DamageSeverity = 'low' | 'medium' | 'high' | 'critical';

/** The parts of the report, in order. */
export const PARTS = ['identity', 'roles', 'account', 'broker', 'here'] as const;
export type Part = (typeof PARTS)[number];

/** A difference between the account and its expected state. */
export interface Damage {
  readonly kind: 'damage';
  /** The resource, for example its ARN. */
  readonly place: string;
  /** The observed difference, as one or two sentences. */
  readonly message: string;
  /** The next step. This step never widens permissions. */
  readonly hint: string;
  /** @default the severity of the verification */
  readonly severity?: DamageSeverity;
}

/** Data that could not be read, so it is unknown whether the data is damaged. */
export interface Unchecked {
  readonly kind: 'unchecked';
  readonly place: string;
  /** Why it could not be read. */
  readonly why: string;
  readonly hint: string;
}

/** An observation made by a verification. If there are no observations, all data was read and no damage was found. */
export type Observation = Damage | Unchecked;
