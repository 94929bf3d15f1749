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
import { after } from '../after';
import { literalJson } from '../literal';

export interface LeaseTablesProps {
  readonly environment: Environment;
  /** What must exist first: the function's role, which the tables' policies name. */
  readonly dependsOn: readonly ITerraformDependable[];
}

/** Table settings that hold of both: nothing to provision, nothing to lose. */
const KEPT = {
  billingMode: 'PAY_PER_REQUEST',
  deletionProtectionEnabled: true,
  pointInTimeRecovery: { enabled: true },
  serverSideEncryption: { enabled: true },
} as const;

/**
 * The broker's tables: the events of all leases, to which the function can only add, and projections, which it may
 * change. Their own policies leave writing to the function's role, whatever anybody's IAM policy allows.
 *
 * The indexes of the events hold keys alone: they say which leases there are, and a lease is read from its events.
 */
export class LeaseTables extends Construct {
  /** Token for the ARN of the events' stream, which AWS names by the time of its making. */
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
