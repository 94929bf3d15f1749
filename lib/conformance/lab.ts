/** The laboratory of a run: what all probes share. */
import type { Answer } from './aws/answer';
import type { Clients } from './aws/clients';
import type { HeldKeys, Secrets } from './aws/secrets';
import type { ProbeClock } from './clock';
import type { Administrator } from './identities/administrator';
import type { Identities } from './identities/create';
import type { ProbePlan } from './identities/plan';

/** How long the probes wait for what AWS delays. */
export interface Patience {
  /** Seconds in which a new identity must be usable. */
  readonly settle: number;
  /** Seconds in which a change of a role's tags or policies must be visible. */
  readonly change: number;
}

/** The probes' own endpoint of the console's federation, and how it is called. */
export interface Federation {
  readonly url: string;
  readonly fetch: typeof fetch;
}

export interface Lab {
  readonly plan: ProbePlan;
  readonly identities: Identities;
  readonly administrator: Administrator;
  readonly clients: Clients;
  readonly secrets: Secrets;
  readonly clock: ProbeClock;
  readonly signal: AbortSignal;
  readonly patience: Patience;
  /** The first is that of STS calls; delays are measured in all of them. */
  readonly regions: readonly [string, ...string[]];
  /** `undefined` if calls do not go to AWS. */
  readonly federation: Federation | undefined;
  /** The session of the probes' broker. */
  broker?: HeldKeys;
  /** Number of leases so far, for their ids. */
  leases: number;
}

/** The answers to the calls of one probe, in order. */
export type Trace = Answer[];
