/** The mapping for DynamoDB. Global tables, imports, exports and streams are not mapped. */
import type { ServiceMapping } from '../../service-mapping';
import { taggedBy, untaggedBy } from '../common/keys';
import { arnIn, type ResourceKind } from '../common/resources';
import { ANYTHING, each, on, type ServiceTable, serviceOf } from '../common/table';
import { json } from '../common/wire';
import { ITEM_ROWS } from './items';
import { STATEMENT_ROWS } from './statements';
import { TABLE, tableOf } from './table-name';

const STREAM: ResourceKind = { service: 'dynamodb', prefix: 'table/', name: /^[\w.-]{3,255}\/stream\/[\w:.-]{1,64}$/ };
const BACKUP: ResourceKind = { service: 'dynamodb', prefix: 'table/', name: /^[\w.-]{1,255}\/backup\/[\w-]{1,64}$/ };

/** A table, or its stream. */
const stated: ReturnType<typeof arnIn> = (call) =>
  arnIn('ResourceArn', call.input.need('ResourceArn').includes('/stream/') ? STREAM : TABLE)(call);

export const DYNAMODB_TABLE: ServiceTable = {
  prefix: 'dynamodb',
  eventSource: 'dynamodb.amazonaws.com',
  wires: [json('1.0', 'DynamoDB_20120810')],
  shown: ['TableName', 'IndexName', 'ResourceArn', 'BackupArn', 'BackupName', 'Select', 'ProjectionExpression'],
  rows: {
    ...ITEM_ROWS,
    ...STATEMENT_ROWS,
    ...each(
      `CreateBackup DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive UpdateContinuousBackups
       UpdateTable UpdateTimeToLive DescribeKinesisStreamingDestination`,
      on(tableOf),
    ),
    ...each('DescribeEndpoints DescribeLimits ListBackups ListTables', on(ANYTHING)),
    ...each('DeleteBackup DescribeBackup', on(arnIn('BackupArn', BACKUP))),
    ...each('DeleteResourcePolicy GetResourcePolicy PutResourcePolicy ListTagsOfResource', on(stated)),
    CreateTable: on(tableOf, taggedBy()),
    TagResource: on(stated, taggedBy()),
    UntagResource: on(stated, untaggedBy('TagKeys')),
  },
};

export const DYNAMODB: ServiceMapping = serviceOf(DYNAMODB_TABLE);
