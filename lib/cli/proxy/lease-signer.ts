/** Signs requests with the credentials of a lease. Uses the AWS SDK's signer. */
import { SecretList } from '@leasehold/mcp/secrets';
import type { LeaseCredentialsProvider } from '@leasehold/runtime';

/** A request to sign. */
export interface Unsigned {
  readonly method: string;
  readonly url: URL;
  /** Percent-encoded, as it is sent. */
  readonly path: string;
  /** Decoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /**
   * Header values by lower-case name. If there is an `x-amz-content-sha256` header, its value is signed in place of the
   * body's hash.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

interface Signer {
  sign(request: object): Promise<{ readonly headers: Readonly<Record<string, string>> }>;
}

export class LeaseSigner {
  readonly #credentials: LeaseCredentialsProvider;
  readonly #signers = new Map<string, Promise<Signer>>();

  constructor(credentials: LeaseCredentialsProvider) {
    this.#credentials = credentials;
  }

  /** Whether one of the texts contains a secret of the lease, in any form that {@link SecretList} recognizes. */
  async isLeakedIn(texts: readonly string[]): Promise<boolean> {
    const { secretAccessKey, sessionToken } = await this.#credentials();
    const secrets = new SecretList();
    secrets.add([secretAccessKey, sessionToken]);
    return texts.some((text) => secrets.isIn(text));
  }

  /** The headers of the signed request. */
  async sign(request: Unsigned, service: string, region: string): Promise<Readonly<Record<string, string>>> {
    const signer = await this.#signer(service, region);
    const { method, url, path, headers, body } = request;
    const query: Record<string, string[]> = Object.create(null);
    for (const [name, value] of request.query) query[name] = [...(query[name] ?? []), value];
    const { protocol, hostname } = url;
    const signed = await signer.sign({
      method,
      protocol,
      hostname,
      path,
      query,
      headers: { ...headers, host: url.host },
      body,
    });
    return signed.headers;
  }

  #signer(service: string, region: string): Promise<Signer> {
    const name = `${service}/${region}`;
    const known = this.#signers.get(name);
    if (known !== undefined) return known;
    const made = this.#newSigner(service, region);
    this.#signers.set(name, made);
    return made;
  }

  #newSigner(signingName: string, signingRegion: string): Promise<Signer> {
    const { STSClient } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
    const { config } = new STSClient({
      region: signingRegion,
      credentials: this.#credentials,
      // Only for S3, the path is signed as sent. For the other services, it is encoded once more.
      signingEscapePath: signingName !== 's3',
    });
    return config.signer({ name: 'sigv4', signingName, signingRegion, properties: {} }) as Promise<Signer>;
  }
}
