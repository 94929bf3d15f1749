/** Tables and indexes in requests. */
import { type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { nameOrArn, quoted, type ResourceKind } from '../common/resources';
import type { ServiceCall } from '../common/table';

export const TABLE: ResourceKind = { service: 'dynamodb', prefix: 'table/', name: /^[\w.-]{1,255}$/ };

/** A table, or one of its indexes. */
export interface Target {
  /** ARN of the table or index. */
  readonly arn: string;
  /** The partition key of the table or index, if it is known. */
  readonly partitionKey: string | undefined;
}

/** The table with the given name or ARN, or an index of this table. */
export function target(request: SignedRequest, table: string, index?: string): Target {
  const tableArn = nameOrArn(request, TABLE, table);
  const arn = index === undefined ? tableArn : `${tableArn}/index/${indexName(index)}`;
  return { arn, partitionKey: request.known?.partitionKeys?.get(arn) };
}

/** The table in a call. */
export function tableOf({ request, input }: ServiceCall): string {
  return nameOrArn(request, TABLE, input.need('TableName'));
}

function indexName(name: string): string {
  if (!/^[\w.-]{3,255}$/.test(name)) throw new UnmappedRequest(`${quoted(name)} is not a valid name of an index`);
  return name;
}
