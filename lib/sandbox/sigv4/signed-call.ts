/**
 * Signs any request with the AWS SDK's signer and sends it. Used for services whose SDK client is not a dependency,
 * and for requests that SDK clients do not send.
 */
import { clientSettings, type StsCaller } from '../ask';

/** A request to sign and send. */
export interface Outgoing extends StsCaller {
  readonly service: string;
  readonly method: string;
  /** Percent-encoded, starting with `/`, without a query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Incoming {
  readonly status: number;
  readonly text: string;
}

/** Signs a request with the machine's current time, sends it once, and reads the entire response. */
export async function signedCall(outgoing: Outgoing): Promise<Incoming> {
  const { endpoint, region, service, method, path, headers = {}, body = '' } = outgoing;
  const { STSClient }: typeof import('@aws-sdk/client-sts') = require('@aws-sdk/client-sts');
  const { protocol, host, hostname } = new URL(endpoint);
  // Only S3 signs the path as sent. The other services encode the path once more.
  const client = new STSClient({ ...clientSettings(outgoing), signingEscapePath: service !== 's3' });
  const signer = await client.config.signer({
    name: 'sigv4',
    signingName: service,
    signingRegion: region,
    properties: {},
  });
  const signed = await signer.sign({ method, protocol, hostname, path, headers: { ...headers, host }, body });
  const { host: _, ...sent } = signed.headers;
  const response = await fetch(`${endpoint}${path}`, { method, headers: sent, ...(body === '' ? {} : { body }) });
  return { status: response.status, text: await response.text() };
}
