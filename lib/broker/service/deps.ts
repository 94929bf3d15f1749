/** The dependencies of the use cases. */
import type { Environment } from '@leasehold/definitions';
import type {
  AdministrationLog,
  Clock,
  ConsentPorts,
  HealthStore,
  Issuer,
  LeaseStore,
  PrincipalStore,
  ReviewerPort,
  Revoker,
  SignInVerifier,
  Telemetry,
  TokenVerifier,
} from '../ports';
import type { BrokeredRole } from '../rules';

/** All dependencies outside of the core, as ports. */
export interface Ports {
  readonly leases: LeaseStore;
  readonly principals: PrincipalStore;
  readonly administration: AdministrationLog;
  readonly issuer: Issuer;
  readonly revoker: Revoker;
  /** Absent if no model reads requests. */
  readonly reviewer?: ReviewerPort;
  /** Absent if people have no passkeys. */
  readonly consent?: ConsentPorts;
  /** The token verifier. Absent if requests on behalf of an end user are not possible. */
  readonly tokens?: TokenVerifier;
  /** Verifies sign-ins, and determines the names of accounts. Absent if people call the broker only as IAM users. */
  readonly signIn?: SignInVerifier;
  /** The health store. Absent where nobody reads the broker's health, such as on a developer's machine. */
  readonly health?: HealthStore;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** Returns at least 130 random bits as lower-case letters and digits. */
  readonly newId: () => string;
  /** Waits before the next read of a lease. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /**
   * Waits before the next attempt to append. The waiting time is random and tends to increase with each attempt, so
   * that concurrent writers are less likely to conflict again.
   */
  readonly backOff: (tries: number) => Promise<void>;
}

/** The ports, and the environment that the broker serves. */
export interface Deps extends Ports {
  readonly environment: Environment;
  readonly roles: readonly BrokeredRole[];
}
