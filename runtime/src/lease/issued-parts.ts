/** Reads the credentials in an STS response. */
import type { LeasedParts } from '../credentials/lease-credentials';
import { LeaseError } from '../lease-error';

/** Credentials with the names that STS uses. */
export interface IssuedParts {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
  readonly Expiration?: Date | undefined;
}

/** The credentials in an STS response. @throws LeaseError `unavailable` if the credentials are missing */
export function partsOf(issued: IssuedParts | undefined): LeasedParts {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = issued ?? {};
  const expiresAt = issued?.Expiration?.getTime();
  if (accessKeyId && secretAccessKey && sessionToken && expiresAt !== undefined && !Number.isNaN(expiresAt)) {
    return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
  }
  throw new LeaseError(
    'unavailable',
    'the answer of STS contains no credentials',
    'Check which server responds at the STS endpoint that you configured.',
    false,
  );
}
