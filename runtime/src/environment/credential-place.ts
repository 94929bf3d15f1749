/** A place where credentials were found. */

/**
 * The location and kind of credentials, without their values.
 * @example
 * const place: CredentialPlace = { kind: 'profile', what: 'access key of [default]', where: '/home/a/.aws/credentials' };
 * @public
 */
export interface CredentialPlace {
  readonly kind: 'environment' | 'profile' | 'cache' | 'container' | 'instance';
  /** The found credential, for example `AWS_SECRET_ACCESS_KEY`, or `access key of profile default`. */
  readonly what: string;
  /** The location of the credential, for example `environment`, or a path. */
  readonly where: string;
}
