/**
 * The mapping for S3. Directory buckets, access points, S3 Control and browser uploads (POST with a form) are not
 * mapped.
 */
import { defined } from '@leasehold/contract/defined';
import { type MappedCall, type ServiceMapping, type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { checkHeaders, checkRegion } from '../common/plain-request';
import { pathOf } from './address';
import { type S3Call, s3Call } from './call';
import { checkS3Headers } from './headers';
import { S3_OPERATIONS, type S3Operation } from './operations';

export const S3: ServiceMapping = {
  signingNames: ['s3'],
  eventSource: 's3.amazonaws.com',
  protocols: ['s3'],
  map,
};

function map(request: SignedRequest): MappedCall {
  if (request.service !== 's3') throw new UnmappedRequest('the signature is not for s3');
  checkRegion(request);
  checkHeaders(request);
  if ('x-amz-target' in request.headers) throw new UnmappedRequest('X-Amz-Target is not valid in this protocol');
  const call = s3Call(request);
  const row = operationOf(call);
  const { operation } = row;
  checkS3Headers(call, row);
  const [first, ...rest] = needsOf(row, call);
  if (!first) throw new UnmappedRequest('it contains nothing to authorize', operation);
  return { operation, needs: [first, ...rest], parameters: shown(call), forward: { path: pathOf(call) } };
}

/** The only row that matches a request's method, level (service, bucket or object) and query parameters. */
function operationOf(call: S3Call): S3Operation {
  const { request, bucket, key, query, fields } = call;
  const level = bucket === undefined ? 'service' : key === undefined ? 'bucket' : 'object';
  const copies = fields['x-amz-copy-source'] !== undefined;
  const found = S3_OPERATIONS.filter(
    (row) =>
      row.method === request.method && row.level === level && (row.copies ?? false) === copies && fits(row, query),
  );
  const [first] = found;
  if (!first || found.length > 1)
    throw new UnmappedRequest('method, path and query do not match exactly one operation');
  return first;
}

function fits({ operation, has, may }: S3Operation, query: S3Call['query']): boolean {
  const names = new Set(has.map((name) => name.split('=', 1)[0] ?? name));
  return (
    has.every((wanted) => holds(wanted, query)) &&
    Object.entries(query).every(
      ([name, value]) => names.has(name) || may.includes(name) || (name === 'x-id' && value === operation),
    ) &&
    query.versionId !== '' &&
    query.uploadId !== ''
  );
}

function holds(wanted: string, query: S3Call['query']): boolean {
  const [name = '', value] = wanted.split('=');
  const found = query[name];
  return found !== undefined && (value === undefined || found === value);
}

function needsOf({ operation, needs }: S3Operation, call: S3Call) {
  try {
    return needs(call);
  } catch (cause) {
    if (!(cause instanceof UnmappedRequest) || cause.operation !== undefined) throw cause;
    throw new UnmappedRequest(cause.message, operation, { cause });
  }
}

function shown({ bucket, key, query, fields }: S3Call): MappedCall['parameters'] {
  const copySource = fields['x-amz-copy-source'];
  return {
    ...defined({ bucketName: bucket, key }),
    ...query,
    ...defined({ 'x-amz-copy-source': copySource }),
  };
}
