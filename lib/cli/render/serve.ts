/** Output of `leasehold serve`: shell lines that make every SDK use only the lease and no other identity. */
import { shellWord } from '@leasehold/contract/text';

/** The endpoint from which a client gets the credentials of its lease. */
export interface ServedPlace {
  readonly credentialsUrl: string;
  /** Path of the file with the client's token. */
  readonly tokenFile: string;
  readonly region: string;
  /** The environment variables of this process. Variables with Java options that contain keys are unset as well. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Shell lines that unset every variable that an SDK would read before the endpoint, and set the endpoint. The token is
 * configured twice, because some SDKs support only the file and others only the variable. The lines read the token from
 * the file, so the token does not appear in the lines.
 */
export function serveLines({ credentialsUrl, tokenFile, region, env }: ServedPlace): string {
  const file = shellWord(tokenFile);
  return [
    ...shutLines(env),
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_CONTAINER_CREDENTIALS_FULL_URI=${credentialsUrl}`,
    `export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=${file}`,
    `export AWS_CONTAINER_AUTHORIZATION_TOKEN="$(cat ${file})"`,
    '',
  ].join('\n');
}

/**
 * Shell lines that stop a script if there is no endpoint. The lines unset all environment variables that contain
 * credentials, and the last line is a command that fails.
 */
export function failedLines(env: ServedPlace['env']): string {
  return [...shutLines(env), 'false', ''].join('\n');
}

/** Lines that unset every variable and file with credentials that an SDK would read. */
export function shutLines(env: ServedPlace['env']): readonly string[] {
  const { CREDENTIAL_VARIABLES, HARMLESS_VARIABLES, leadsToCredentials, SHUT } =
    require('@leasehold/serve/exec') as typeof import('@leasehold/serve/exec');
  const java = Object.keys(env).filter((name) => /_OPTIONS$/.test(name) && leadsToCredentials(name, env[name] ?? ''));
  const named = `$1 ~ /${CREDENTIAL_VARIABLES}/ && $1 !~ /${HARMLESS_VARIABLES}/ && $1 ~ /^[A-Za-z0-9_]+$/ { print $1 }`;
  return [
    `unset AWS_ACCESS_KEY_ID ${[...java, `$(env | awk -F= '${named}')`].join(' ')}`,
    `export ${Object.entries(SHUT)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ')}`,
  ];
}
