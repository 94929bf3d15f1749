/** Tables of two services, as small as the tests of the proxy need them. */
import { type ServiceMapping, UnmappedRequest } from '../../../lib/sandbox/service-mapping';
import { jsonParameters } from '../../../lib/sandbox/wire/read';

/** S3's objects, path style alone. */
export const S3: ServiceMapping = {
  signingNames: ['s3'],
  eventSource: 's3.amazonaws.com',
  protocols: ['s3'],
  map: ({ method, path }) => {
    const [, bucket, key] = /^\/([^/]+)\/(.+)$/.exec(decodeURIComponent(path)) ?? [];
    const verb = { GET: 'Get', PUT: 'Put', DELETE: 'Delete' }[method];
    if (!bucket || !key || !verb) throw new UnmappedRequest('no row fits');
    return {
      operation: `${verb}Object`,
      needs: [{ action: `s3:${verb}Object`, resource: `arn:aws:s3:::${bucket}/${key}`, context: {} }],
      parameters: { bucketName: bucket, key },
    };
  },
};

/** DynamoDB's GetItem, and two rows that are broken. */
export const DYNAMODB: ServiceMapping = {
  signingNames: ['dynamodb'],
  eventSource: 'dynamodb.amazonaws.com',
  protocols: ['json-1.0'],
  map: (request) => {
    const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
    const { TableName: table } = jsonParameters(request);
    if (operation === 'ListTables') throw new TypeError('a defect of the table');
    if (operation !== 'GetItem' || typeof table !== 'string') throw new UnmappedRequest('no row fits', operation);
    const { region, account } = request;
    const resource = `arn:aws:dynamodb:${region}:${account}:table/${table}`;
    return {
      operation,
      needs: [{ action: `dynamodb:${operation}`, resource, context: {} }],
      parameters: { tableName: table },
    };
  },
};
