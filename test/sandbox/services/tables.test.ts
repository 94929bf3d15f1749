/** Every action that a table names is one of AWS's. */
import { SERVICE_MAPPINGS } from '../../../lib/sandbox/services';
import { CLOUDWATCH_TABLE } from '../../../lib/sandbox/services/cloudwatch';
import type { ServiceTable } from '../../../lib/sandbox/services/common/table';
import { DYNAMODB_TABLE } from '../../../lib/sandbox/services/dynamodb';
import { EC2_TABLE } from '../../../lib/sandbox/services/ec2';
import { KMS_TABLE } from '../../../lib/sandbox/services/kms';
import { LAMBDA_TABLE } from '../../../lib/sandbox/services/lambda';
import { LOGS_TABLE } from '../../../lib/sandbox/services/logs';
import { RDS_TABLE } from '../../../lib/sandbox/services/rds';
import { RDS_DATA_TABLE } from '../../../lib/sandbox/services/rds-data';
import { SECRETS_MANAGER_TABLE } from '../../../lib/sandbox/services/secrets-manager';
import { SNS_TABLE } from '../../../lib/sandbox/services/sns';
import { SQS_TABLE } from '../../../lib/sandbox/services/sqs';
import { SSM_TABLE } from '../../../lib/sandbox/services/ssm';
import { catalogue } from './support/rows';

const TABLES: readonly ServiceTable[] = [
  CLOUDWATCH_TABLE,
  DYNAMODB_TABLE,
  EC2_TABLE,
  LOGS_TABLE,
  RDS_DATA_TABLE,
  SECRETS_MANAGER_TABLE,
  KMS_TABLE,
  LAMBDA_TABLE,
  RDS_TABLE,
  SNS_TABLE,
  SQS_TABLE,
  SSM_TABLE,
];

/** Operations whose actions have other names; their own tests hold them to the catalogue. */
const OTHERWISE =
  /^(dynamodb:(TransactGetItems|TransactWriteItems|ExecuteStatement|BatchExecuteStatement|ExecuteTransaction))$/;

describe('Tables of services', () => {
  it.each(TABLES.map((table) => [table.prefix, table] as const))('%s names actions of AWS alone', async (_, table) => {
    const known = await catalogue();
    const named = Object.entries(table.rows).flatMap(([operation, row]) =>
      typeof row === 'function' ? [operation] : row.map(({ action }) => action ?? operation),
    );
    const actions = named.map((name) => (name.includes(':') ? name : `${table.prefix}:${name}`));
    const unknown = actions.filter((action) => known.action(action)?.id !== action && !OTHERWISE.test(action));
    expect(unknown).toEqual([]);
  });

  it('each have a name of their own in credential scopes', () => {
    const names = SERVICE_MAPPINGS.flatMap(({ signingNames }) => signingNames);
    expect(new Set(names).size).toBe(names.length);
    expect(SERVICE_MAPPINGS).toHaveLength(TABLES.length + 1);
  });
});
