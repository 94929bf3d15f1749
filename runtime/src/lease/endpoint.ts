/** Determines the endpoints of STS and of the broker. */

import { clipped } from '@leasehold/contract/text';
import { brokerUrl } from '../broker/broker-url';
import { invalidRequest } from '../errors';
import { isLoopback } from '../loopback';

/**
 * The global STS endpoints. Calls to a global endpoint may be logged in another region, and may fail because of an
 * outage in another region. These endpoints do not support GetScopedCredentials.
 */
const GLOBAL = /^sts\.amazonaws\.com(\.cn)?$/;

/**
 * The STS endpoint to use: the given endpoint, otherwise the endpoint in the environment variables, otherwise the
 * endpoint in the manifest.
 * @throws LeaseError `invalid-request` for an endpoint that is not regional, or to which a code would be sent
 * unencrypted
 * @example
 * const endpoint = stsEndpoint(undefined, manifest.stsEndpoint, process.env);
 * @public
 */
export function stsEndpoint(given: string | undefined, manifests: string, env: NodeJS.ProcessEnv): string {
  const chosen = given ?? (env.AWS_ENDPOINT_URL_STS || env.AWS_ENDPOINT_URL || manifests);
  const url = URL.canParse(chosen) ? new URL(chosen) : undefined;
  const safe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.hostname));
  if (url !== undefined && safe && url.pathname === '/' && url.username === '' && !GLOBAL.test(url.hostname)) {
    return url.origin;
  }
  throw invalidRequest(
    `${clipped(chosen, 200)} is not an STS endpoint to which a code can be sent`,
    'Use a regional https URL without a path; http is accepted only on the loopback interface.',
  );
}

/**
 * The URL of the broker: the given URL, otherwise the URL in the environment variables, otherwise the URL in the
 * manifest. Undefined if there is none. The result is the same for all spellings of a URL, and has no slash at its end.
 * @throws LeaseError `invalid-request` for a URL to which a signed call may not be sent
 * @example
 * const url = brokerEndpoint(undefined, manifest.broker?.url, process.env);
 * @public
 */
export function brokerEndpoint(
  given: string | undefined,
  manifests: string | undefined,
  env: NodeJS.ProcessEnv,
): string | undefined {
  const chosen = given ?? (env.LEASEHOLD_BROKER_URL || manifests);
  if (chosen === undefined) return undefined;
  const { protocol, host, base } = brokerUrl(chosen);
  return `${protocol}//${host}${base}`;
}
