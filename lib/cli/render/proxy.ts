/** Output of `leasehold proxy`: shell lines that make every AWS client call the proxy, and sign with the client's key. */
import { shellWord } from '@leasehold/contract/text';
import { shutLines } from './serve';

/** The proxy as one client sees it. */
export interface ProxiedClient {
  /** Address of the proxy. */
  readonly url: string;
  readonly accessKeyId: string;
  /** Path of the file with the secret of the client's key. */
  readonly secretFile: string;
  readonly region: string;
  /** The environment variables of this process. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Shell lines that unset all other credentials and all endpoints for single services, and set the proxy's address and
 * the client's key. The secret is read from its file, so it does not appear in the lines.
 */
export function proxyLines({ url, accessKeyId, secretFile, region, env }: ProxiedClient): string {
  return [
    ...shutLines(env),
    `unset AWS_IGNORE_CONFIGURED_ENDPOINT_URLS $(env | awk -F= '$1 ~ /^AWS_ENDPOINT_URL_[A-Z0-9_]+$/ { print $1 }')`,
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ENDPOINT_URL=${url}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId}`,
    `export AWS_SECRET_ACCESS_KEY="$(cat ${shellWord(secretFile)})"`,
    '',
  ].join('\n');
}
