import { defined } from '@leasehold/contract/defined';
import type { Broker as BrokerSettings, Environment } from '@leasehold/definitions';
import { hasReviewerKey, personKinds } from '@leasehold/documents';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { BrokerRole } from '../broker-role';
import { writeStackFile } from '../stack-file';
import { BrokerAlarms } from './broker-alarms';
import { BrokerApi } from './broker-api';
import { BrokerFunction } from './broker-function';
import { LeaseTables } from './lease-tables';
import { Outcomes } from './outcomes';
import { BROKER_ARCHIVE, brokerPackage } from './package';
import { PersonRole } from './person-role';
import { RecordKey } from './record-key';
import { ReviewerSecret } from './reviewer-secret';
import { Sweep } from './sweep';

export interface BrokerProps {
  readonly environment: Environment;
  readonly broker: BrokerSettings;
  /** The execution role, which is a principal in the trust policies of the broker-gated roles. */
  readonly role: BrokerRole;
  /** Path of the function's code. @default the bundle in the Leasehold package */
  readonly code?: string;
  /** Folder of the console's function. @default the bundle in the Leasehold package */
  readonly consoleCode?: string;
}

/**
 * The broker of an environment: one function behind one HTTP API, two tables, the key that authenticates lease records,
 * the roles that people assume to call the broker, the outcome events and the alarms. The API uses IAM authorization
 * and, if people sign in, a JWT authorizer.
 */
export class Broker extends Construct {
  /** Terraform expression for the API's address with its stage, which is known after the first apply. */
  readonly url: string;
  /** Terraform expression for the host name to which the DNS record of the console's domain points, if there is one. */
  readonly dnsTarget?: string;

  constructor(scope: Construct, id: string, { environment, broker, role, code, consoleCode }: BrokerProps) {
    super(scope, id);
    const archive = brokerPackage(environment, code);
    writeStackFile(TerraformStack.of(this), BROKER_ARCHIVE, archive.bytes);
    const dependsOn = role.policies;
    const tables = new LeaseTables(this, 'tables', { environment, dependsOn });
    const recordKey = new RecordKey(this, 'record-key', { environment, dependsOn });
    if (hasReviewerKey(broker)) new ReviewerSecret(this, 'reviewer', { environment });
    const api = new BrokerApi(this, 'api', { environment, broker, ...defined({ consoleCode }) });
    const { lambda } = new BrokerFunction(this, 'function', {
      environment,
      archive,
      recordKey,
      ...defined({ userPool: api.userPool }),
      dependsOn,
    });
    api.calls(lambda);
    this.url = api.url;
    if (api.dnsTarget !== undefined) this.dnsTarget = api.dnsTarget;
    new Sweep(this, 'sweep', { environment, lambda });
    new Outcomes(this, 'outcomes', { environment, streamArn: tables.streamArn });
    new BrokerAlarms(this, 'alarms', { environment });
    for (const kind of personKinds(environment)) new PersonRole(this, kind, { kind, environment });
  }
}
