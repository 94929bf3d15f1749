/**
 * Checks for credentials that an EC2 instance provides to all of its processes. Source:
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
import { defined } from '@leasehold/contract/defined';
import type { CredentialPlace } from './credential-place';

const ADDRESSES = ['http://169.254.169.254', 'http://[fd00:ec2::254]'];
const ROLES = '/latest/meta-data/iam/security-credentials/';
/** Timeout in milliseconds. An instance's endpoint usually responds within a few milliseconds. */
const PATIENCE = 3000;

/**
 * The endpoints that provide a role's credentials. They are checked even if `AWS_EC2_METADATA_DISABLED` is set, because
 * a process can call the endpoints regardless of this setting.
 */
export async function instanceCredentials(env: NodeJS.ProcessEnv): Promise<readonly CredentialPlace[]> {
  const configured = env.AWS_EC2_METADATA_SERVICE_ENDPOINT;
  const addresses = configured === undefined || configured === '' ? ADDRESSES : [configured.replace(/\/+$/, '')];
  const found = await Promise.all(addresses.map(async (address) => ((await handsOut(address)) ? [address] : [])));
  return found.flat().map((where) => ({ kind: 'instance', what: 'role of the EC2 instance', where }));
}

async function handsOut(address: string): Promise<boolean> {
  const token = await ask(`${address}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
  });
  const headers = defined({ 'x-aws-ec2-metadata-token': token });
  const roles = await ask(`${address}${ROLES}`, { headers });
  return roles !== undefined && roles.trim() !== '';
}

/** The text of a successful response; undefined if there is no response, or if it is not successful. */
async function ask(url: string, init: RequestInit): Promise<string | undefined> {
  try {
    const response = await fetch(url, { ...init, redirect: 'error', signal: AbortSignal.timeout(PATIENCE) });
    const text = await response.text();
    return response.status === 200 ? text : undefined;
  } catch {
    return undefined;
  }
}
