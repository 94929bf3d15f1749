/** A request to S3, prepared for the rows of its table. */
import { defined } from '@leasehold/contract/defined';
import { type Context, type Need, type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { queryParameters } from '../../wire/read';
import { type Address, addressOf } from './address';

export type Texts = Readonly<Record<string, string>>;

export interface S3Call extends Address {
  readonly request: SignedRequest;
  /** Query parameters, without the parameters that replace headers. */
  readonly query: Texts;
  /** `x-amz-*` headers in lower case. A presigned URL may contain them as query parameters. */
  readonly fields: Texts;
  /** Condition keys of every request. */
  readonly base: Context;
}

export function s3Call(request: SignedRequest): S3Call {
  const parameters = queryParameters(request);
  const query: Record<string, string> = Object.create(null);
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(request.headers)) if (name.startsWith('x-amz-')) fields[name] = value;
  for (const [name, value] of Object.entries(parameters)) {
    const header = name.toLowerCase();
    if (!header.startsWith('x-amz-')) query[name] = value;
    else if (header in fields) throw new UnmappedRequest(`${header} occurs twice`);
    else fields[header] = value;
  }
  return { ...addressOf(request), request, query, fields, base: baseKeys(request, fields) };
}

/** ARN of an object; without a key, the ARN of the bucket. */
export function s3Arn({ partition }: SignedRequest, bucket: string, key?: string): string {
  return `arn:${partition}:s3:::${bucket}${key === undefined ? '' : `/${key}`}`;
}

/** An action on the bucket or object of the request. */
export function needOn(call: S3Call, action: string, keys: Context = {}): Need {
  const { bucket, key, request, base } = call;
  return {
    action: `s3:${action}`,
    resource: bucket === undefined ? '*' : s3Arn(request, bucket, key),
    context: { ...base, ...keys },
  };
}

/**
 * Condition keys of every request to S3. The sandbox replaces endpoints that use TLS, so requests are treated as if
 * they were sent over TLS. Source:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html
 */
function baseKeys({ account, signing }: SignedRequest, fields: Texts): Context {
  const hash = fields['x-amz-content-sha256'];
  return {
    's3:ResourceAccount': account,
    's3:TlsVersion': '1.3',
    's3:signatureversion': 'AWS4-HMAC-SHA256',
    ...(signing === undefined
      ? {}
      : { 's3:authType': signing.place === 'query' ? 'REST-QUERY-STRING' : 'REST-HEADER' }),
    ...(signing?.place === 'query' ? { 's3:signatureAge': String(Math.max(0, Math.round(signing.age))) } : {}),
    ...defined({ 's3:x-amz-content-sha256': hash }),
  };
}
