/** The context of a run, which all probes share. */
import type { Answer } from './aws/answer';
import type { Clients } from './aws/clients';
import type { HeldKeys, Secrets } from './aws/secrets';
import type { ProbeClock } from './clock';
import type { Administrator } from './identities/administrator';
import type { Identities } from './identities/create';
import type { ProbePlan } from './identities/plan';

/** Maximum durations for which the probes wait for changes to take effect in AWS. */
export interface Patience {
  /** Maximum number of seconds until a new identity is usable. */
  readonly settle: number;
  /** Maximum number of seconds until a change of a role's tags or policies takes effect. */
  readonly change: number;
}

/** The federation endpoint of the AWS console, and the function that calls it. */
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
  /** The regions of the run. STS is called in the first region; delays are measured in all regions. */
  readonly regions: readonly [string, ...string[]];
  /** `undefined` if calls do not go to AWS. */
  readonly federation: Federation | undefined;
  /** The session of the probes' broker. */
  broker?: HeldKeys;
  /** Number of leases requested so far. The number is part of each lease id. */
  leases: number;
}

/** AWS's responses to the calls of one probe, in order. */
export type Trace = Answer[];
