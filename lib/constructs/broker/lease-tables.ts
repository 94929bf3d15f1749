import { DynamodbResourcePolicy } from '@cdktf/provider-aws/lib/dynamodb-resource-policy';
import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Environment } from '@leasehold/definitions';
import {
  EVENT_INDEXES,
  eventsTableName,
  eventsTablePolicy,
  projectionsTableName,
  projectionsTablePolicy,
  tableArn,
} from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { after } from '../depends-on';
import { literalJson } from '../literal';

export interface LeaseTablesProps {
  readonly environment: Environment;
  /** Resources that must exist before the tables: the function's role, which the tables' policies name. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Settings of both tables: on-demand capacity, and protection against data loss. */
const KEPT = {
  billingMode: 'PAY_PER_REQUEST',
  deletionProtectionEnabled: true,
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
} as const;

/**
 * The broker's tables. One stores the events of all leases; the function can only add to it. The other stores
 * projections, which the function can change. Each table's resource policy permits only the function's role to write,
 * regardless of other IAM policies.
 *
 * The indexes of the events table contain only keys: they list leases, and a lease is then read from its events.
 */
export class LeaseTables extends Construct {
  /** Token for the ARN of the events table's stream. The ARN contains the creation time. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, { environment, dependsOn }: LeaseTablesProps) {
    super(scope, id);
    const events = new DynamodbTable(this, 'events', {
      name: eventsTableName(environment),
      hashKey: 'lease',
      rangeKey: 'sequence',
      attribute: [
        { name: 'lease', type: 'S' },
        { name: 'sequence', type: 'N' },
        { name: 'at', type: 'N' },
        ...EVENT_INDEXES.map((name) => ({ name, type: 'S' })),
      ],
      globalSecondaryIndex: EVENT_INDEXES.map((name) => ({
        name,
        hashKey: name,
        rangeKey: 'at',
        projectionType: 'KEYS_ONLY',
      })),
      streamEnabled: true,
      streamViewType: 'NEW_IMAGE',
      ...KEPT,
    });
    const projections = new DynamodbTable(this, 'projections', {
      name: projectionsTableName(environment),
      hashKey: 'pk',
      rangeKey: 'sk',
      attribute: [
        { name: 'pk', type: 'S' },
        { name: 'sk', type: 'S' },
      ],
      ttl: { attributeName: 'ttl', enabled: true },
      ...KEPT,
    });
    this.streamArn = events.streamArn;
    const policies = [
      ['events-policy', events, eventsTableName(environment), eventsTablePolicy(environment)],
      ['projections-policy', projections, projectionsTableName(environment), projectionsTablePolicy(environment)],
    ] as const;
    for (const [name, table, tableName, policy] of policies) {
      after(
        new DynamodbResourcePolicy(this, name, {
          resourceArn: tableArn(tableName, environment),
          policy: literalJson(policy),
        }),
        [table, ...dependsOn],
      );
    }
  }
}
