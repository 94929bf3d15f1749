/** A client at the proxy, with a lease of a sandbox, and a server in place of AWS behind it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lease } from '@leasehold/runtime';
import type { CallApprovals } from '../../../../lib/cli/proxy/call-approvals';
import { CallLog } from '../../../../lib/cli/proxy/call-log';
import { ClientKey } from '../../../../lib/cli/proxy/client-key';
import { type SigningProxy, startSigningProxy } from '../../../../lib/cli/proxy/signing-proxy';
import { Upstream } from '../../../../lib/cli/proxy/upstream';
import { newFolder } from '../../support';

export const ACCOUNT = { id: '123456789012', partition: 'aws' };

/** A line of the log, as far as tests read it. */
export interface Line {
  readonly eventName: string;
  readonly eventSource: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly userIdentity: { readonly accessKeyId: string };
  readonly requestParameters: Readonly<Record<string, unknown>> | null;
  readonly resources: readonly { readonly ARN: string }[];
  readonly additionalEventData: Readonly<Record<string, unknown>>;
}

/** The keys of a client, for any SDK. */
export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export class Proxied {
  readonly lines: Line[] = [];
  readonly proxy: SigningProxy;
  readonly keys: readonly Keys[];
  /** Set to make the log fail. */
  isFull = false;

  private constructor(proxy: SigningProxy, keys: readonly Keys[]) {
    this.proxy = proxy;
    this.keys = keys;
  }

  static async open(lease: Lease, endpoint: string, now?: () => number, approvals?: CallApprovals): Promise<Proxied> {
    const clients = [new ClientKey('agent'), new ClientKey('other')];
    const write = (line: string) => {
      if (proxied.isFull) throw new Error('no space left on the device');
      proxied.lines.push(JSON.parse(line));
    };
    const roleArn = 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy';
    const sessionOf = async (of: Lease) => {
      const { accessKeyId } = await of.credentials();
      return { lease: of, roleArn, accessKeyId, account: ACCOUNT.id };
    };
    const log = new CallLog(await sessionOf(lease), { write });
    const upstream = new Upstream(endpoint, 'aws', {});
    const options = {
      ...{ lease, clients, account: ACCOUNT, upstream, log, approvals, sessionOf, port: 0 },
      ...(now === undefined ? {} : { now }),
    };
    const proxied = new Proxied(await startSigningProxy(options), clients.map(keysOf));
    return proxied;
  }

  get url(): string {
    return this.proxy.url;
  }

  /** Settings of an SDK client that uses the proxy. */
  settings(keys: Keys | undefined = this.keys[0]) {
    if (keys === undefined) throw new Error('there is no such client');
    return { endpoint: this.url, region: 'eu-west-1', credentials: keys, maxAttempts: 1 };
  }
}

/** The keys as the file for the client contains them. */
function keysOf(key: ClientKey): Keys {
  const file = join(newFolder(), 'secret');
  key.writeSecret(file);
  return { accessKeyId: key.accessKeyId, secretAccessKey: readFileSync(file, 'utf8') };
}
