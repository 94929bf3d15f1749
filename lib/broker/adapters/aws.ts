/** The AWS adapters for the broker's ports. */
import { setTimeout as pause } from 'node:timers/promises';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import {
  eventsTableName,
  isBrokered,
  projectionsTableName,
  reviewerSecretName,
  revocationPolicyArn,
  roleName,
  rolesWithRevocationPolicy,
  stackName,
  stsEndpoint,
} from '@leasehold/documents';
import type {
  AdministrationLog,
  Clock,
  HealthStore,
  Issuer,
  KeyStore,
  LeaseStore,
  PrincipalStore,
  Revoker,
  SecretReader,
  TicketSeal,
} from '../ports';
import { AwsRevoker } from './aws-revoker';
import { type AwsOptions, awsClients } from './clients';
import { ConsoleSignIn } from './console-sign-in';
import { DenialRecords } from './denial-records';
import { DynamoDbAdministrationLog } from './dynamodb-administration-log';
import { DynamoDbHealthStore } from './dynamodb-health-store';
import { DynamoDbKeyStore } from './dynamodb-key-store';
import { DynamoDbLeaseStore } from './dynamodb-lease-store';
import { DynamoDbPrincipalStore } from './dynamodb-principal-store';
import { IamRevoker } from './iam-revoker';
import { kmsDerivation } from './kms-derivation';
import { PolicyDenials } from './policy-denials';
import { PolicyVersions } from './policy-versions';
import { DailySeal, type RecordSeal } from './record-seal';
import { RevocationRecords } from './revocation-records';
import { RoleTags } from './role-tags';
import { CachedSecret } from './secret-reader';
import { StsIssuer } from './sts-issuer';

export { localSeal, type RecordSeal } from './record-seal';

/** The ports that AWS services implement. */
export interface AwsPorts {
  readonly leases: LeaseStore;
  readonly principals: PrincipalStore;
  readonly administration: AdministrationLog;
  readonly keys: KeyStore;
  /** Authenticates the nonces that people sign. */
  readonly tickets: TicketSeal;
  readonly issuer: Issuer;
  readonly revoker: Revoker;
  readonly health?: HealthStore;
  /** Reads the reviewer's API key, if the reviewer needs one. */
  readonly reviewerKey: SecretReader;
}

/** Options of {@link awsPorts}. */
export interface AwsPortsOptions extends AwsOptions {
  /** @default the system clock */
  readonly clock?: Clock;
  /** The seal that authenticates records: the ARN of a KMS HMAC key, or a local seal on a developer's machine. */
  readonly records: { readonly key: string } | { readonly seal: RecordSeal };
}

/**
 * Makes the AWS ports of an environment's broker. Sends no request. All ports share their connections.
 * @throws TypeError for an environment without a broker
 * @example const { leases, issuer } = awsPorts({ environment, records: { key: keyArn }, endpoints: { sts: sandbox.url }
 * });
 */
export function awsPorts(options: AwsPortsOptions): AwsPorts {
  const { environment, endpoints = {}, timeouts, clock = () => Math.floor(Date.now() / 1000) } = options;
  const { broker, region } = environment;
  if (broker === undefined) throw new TypeError(`${environment.name} has no broker. Define one, kind: Broker.`);
  const { dynamodb, sts, iam, kms, secrets } = awsClients(options);
  const { records } = options;
  const seal = 'key' in records ? new DailySeal(kmsDerivation(kms, records.key, stackName(environment))) : records.seal;
  const projections = projectionsTableName(environment);
  const { requests, denials } = broker.budgets;
  return {
    leases: new DynamoDbLeaseStore(dynamodb, eventsTableName(environment), seal),
    principals: new DynamoDbPrincipalStore(
      dynamodb,
      projections,
      { requests: requests.windowSeconds, denials: denials.windowSeconds },
      seal,
    ),
    administration: new DynamoDbAdministrationLog(dynamodb, eventsTableName(environment), seal),
    keys: new DynamoDbKeyStore(dynamodb, { events: eventsTableName(environment), projections }, seal),
    tickets: seal,
    issuer: new StsIssuer({
      client: sts,
      endpoint: endpoints.sts ?? stsEndpoint(environment),
      region,
      iam,
      signIn: new ConsoleSignIn({
        environment,
        clock,
        ...defined({ endpoint: endpoints.signin, timeout: timeouts?.request }),
      }),
    }),
    revoker: new AwsRevoker({
      tags: new IamRevoker(
        new RevocationRecords(dynamodb, projections),
        new RoleTags(iam, wait),
        roleNames(environment),
      ),
      policy: new PolicyDenials({
        records: new DenialRecords(dynamodb, projections),
        versions: new PolicyVersions(iam, revocationPolicyArn(environment), wait),
        environment,
        roles: new Set(rolesWithRevocationPolicy(environment).map(({ name }) => name)),
        clock,
      }),
      by: broker.revoke?.by ?? 'role-tags',
    }),
    health: new DynamoDbHealthStore(dynamodb, projections),
    reviewerKey: new CachedSecret(secrets, reviewerSecretName(environment)),
  };
}

async function wait(milliseconds: number): Promise<void> {
  await pause(milliseconds);
}

function roleNames(environment: Environment): Readonly<Record<string, string>> {
  const brokered = environment.roles.filter(isBrokered);
  return Object.fromEntries(brokered.map((role) => [role.name, roleName(role, environment)]));
}
