import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import type { Environment } from '@leasehold/definitions';
import { EVENT_INDEXES, eventsTableName, projectionsTableName } from '@leasehold/documents';
import { Construct } from 'constructs';

export interface LeaseTablesProps {
  readonly environment: Environment;
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
 * change.
 *
 * The indexes of the events hold keys alone: they say which leases there are, and a lease is read from its events.
 */
export class LeaseTables extends Construct {
  /** Token for the ARN of the events' stream, which AWS names by the time of its making. */
  readonly streamArn: string;

  constructor(scope: Construct, id: string, { environment }: LeaseTablesProps) {
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
    new DynamodbTable(this, 'projections', {
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
  }
}
