/** What the use cases work with. */
import type { Environment } from '@leasehold/definitions';
import type {
  ChangeLog,
  Clock,
  Issuer,
  LeaseStore,
  PrincipalStore,
  ReviewerPort,
  Revoker,
  Telemetry,
  TokenVerifier,
} from '../ports';
import type { BrokeredRole } from '../rules';

/** Everything outside, as ports. */
export interface Ports {
  readonly leases: LeaseStore;
  readonly principals: PrincipalStore;
  readonly changes: ChangeLog;
  readonly issuer: Issuer;
  readonly revoker: Revoker;
  /** Absent: no model reads requests. */
  readonly reviewer?: ReviewerPort;
  /** Absent: nobody can ask on behalf of a subject. */
  readonly tokens?: TokenVerifier;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** 130 random bits or more, in lower-case letters and digits. */
  readonly newId: () => string;
  /** Waits before the next look at a lease. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Waits before the next try of an append, longer with each, and of a random length so that those who met part. */
  readonly backOff: (tries: number) => Promise<void>;
}

/** The ports, and the environment that the broker serves. */
export interface Deps extends Ports {
  readonly environment: Environment;
  readonly roles: readonly BrokeredRole[];
}
