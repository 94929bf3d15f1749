/**
 * The Data API of Aurora. It logs in to the database with a secret that it reads on the caller's behalf, so both the
 * cluster and the secret are authorized.
 * Sources: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrdsdataapi.html
 */
import { type ServiceMapping, UnmappedRequest } from '../service-mapping';
import { arnIn, type ResourceKind } from './common/resources';
import { all, type Keys, type NeedRow, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { type Route, rest } from './common/wire';
import { secretArn } from './secrets-manager';

const CLUSTER: ResourceKind = { service: 'rds', prefix: 'cluster:', name: /^[a-z][a-z0-9-]{0,62}$/ };

const secret: Resources = ({ request, input }) => {
  const id = input.need('secretArn');
  if (!id.startsWith('arn:')) throw new UnmappedRequest('secretArn is not an ARN');
  return secretArn(request, id);
};

const secretKeys: Keys = ({ input }) => ({ 'secretsmanager:SecretId': input.need('secretArn') });

const onCluster: readonly NeedRow[] = all(
  on(arnIn('resourceArn', CLUSTER)),
  on(secret, secretKeys, 'secretsmanager:GetSecretValue'),
);

const ROUTES: readonly Route[] = [
  ['ExecuteStatement', '/Execute'],
  ['BatchExecuteStatement', '/BatchExecute'],
  ['BeginTransaction', '/BeginTransaction'],
  ['CommitTransaction', '/CommitTransaction'],
  ['RollbackTransaction', '/RollbackTransaction'],
].map(([operation = '', path = '']) => ({ operation, method: 'POST', path }));

export const RDS_DATA_TABLE: ServiceTable = {
  prefix: 'rds-data',
  eventSource: 'rdsdata.amazonaws.com',
  wires: [rest(ROUTES)],
  shown: ['resourceArn', 'secretArn', 'database', 'schema', 'transactionId'],
  rows: Object.fromEntries(ROUTES.map(({ operation }) => [operation, onCluster])),
};

export const RDS_DATA: ServiceMapping = serviceOf(RDS_DATA_TABLE);
