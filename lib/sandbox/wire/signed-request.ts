/** What a mapping reads of a request. */
import type { Account } from '../account/model';
import type { SignedRequest } from '../service-mapping';
import type { Signature } from '../sigv4/signature';
import { ownQuery, signedAt } from '../sigv4/verify';
import { AwsError } from './aws-error';
import type { Protocol } from './protocol';
import { hostName, type RawRequest } from './raw-request';

/**
 * The part of a verified request that the signature covers. Mappings may use only this part.
 * @param account the caller's account.
 * @throws {AwsError} if two servers could interpret the path differently.
 */
export function signedRequest(
  raw: RawRequest,
  signature: Signature,
  body: Buffer,
  account: Pick<Account, 'id' | 'partition'>,
  protocol: Protocol,
): SignedRequest {
  const { service, region } = signature.scope;
  checkPath(raw.path, service);
  const covered = ['content-type', ...signature.signedHeaders].map((name) => [name, raw.headers[name]] as const);
  return {
    service,
    region,
    account: account.id,
    partition: account.partition,
    protocol,
    method: raw.method,
    host: hostName(raw.headers),
    path: raw.path,
    query: ownQuery(raw, signature.place),
    headers: Object.fromEntries(covered.filter((pair): pair is [string, string] => pair[1] !== undefined)),
    body,
    signing: { place: signature.place, age: Date.now() - signedAt(signature) },
  };
}

/**
 * Refuses a path that two servers could interpret differently: a path with dot segments, or with empty segments outside
 * S3.
 */
function checkPath(path: string, service: string): void {
  if (hasDots(path) || (service !== 's3' && path.includes('//'))) {
    throw new AwsError(400, 'InvalidURI', "Couldn't parse the specified URI.");
  }
}

function hasDots(path: string): boolean {
  try {
    return decodeURIComponent(path)
      .split('/')
      .some((segment) => segment === '.' || segment === '..');
  } catch {
    return true;
  }
}
