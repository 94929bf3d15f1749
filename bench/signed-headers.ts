/**
 * Signs requests without waiting, so that a load of thousands measures the server and not the signer of the SDK.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { defined } from '@leasehold/contract/defined';
import type { Credentials } from '@leasehold/sandbox';
import { scopeText, sha256, stringToSign } from '../lib/sandbox/sigv4/canonical';
import { ALGORITHM, type Signature } from '../lib/sandbox/sigv4/signature';
import { SigningKeys, sign } from '../lib/sandbox/sigv4/signing-key';

/** A request to sign. */
export interface Outgoing {
  /** For example `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  readonly region: string;
  readonly service: string;
  readonly credentials: Pick<Credentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;
  readonly method: string;
  /** Percent-encoded, beginning with `/`, without a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The headers of a request, signed with the machine's time: lower-case names, `host` and `authorization` among them. */
export function signedHeaders({
  endpoint,
  region,
  service,
  credentials,
  method,
  path,
  headers = {},
  body = '',
}: Outgoing): Readonly<Record<string, string>> {
  const timestamp = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const covered: Readonly<Record<string, string>> = {
    ...headers,
    host: new URL(endpoint).host,
    'x-amz-content-sha256': sha256(body),
    'x-amz-date': timestamp,
    ...defined({ 'x-amz-security-token': credentials.sessionToken }),
  };
  const scope = { date: timestamp.slice(0, 8), region, service };
  const signature: Signature = {
    place: 'header',
    accessKeyId: credentials.accessKeyId,
    scope,
    signedHeaders: Object.keys(covered).sort(),
    signature: '',
    timestamp,
  };
  const request = {
    method,
    path,
    query: '',
    headers: covered,
    repeated: new Set<string>(),
    sourceIp: '',
    body: Buffer.from(body),
  };
  const text = stringToSign(request, signature, sha256(body));
  const key = new SigningKeys().of(credentials.secretAccessKey, scope);
  const authorization = `${ALGORITHM} Credential=${credentials.accessKeyId}/${scopeText(scope)}, SignedHeaders=${signature.signedHeaders.join(';')}, Signature=${sign(key, text)}`;
  return { ...covered, authorization };
}
