/** What `leasehold serve` prints: lines for a shell that lead every SDK to a lease, and to nothing else. */
import { shellWord } from './text';

/** Where a client of the endpoint finds its lease. */
export interface ServedPlace {
  readonly credentialsUrl: string;
  /** Path of the file with the client's token. */
  readonly tokenFile: string;
  readonly region: string;
  /** The environment of this process: options of Java in it that hold keys are taken away, too. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Takes away whatever an SDK would read before the endpoint, and names the endpoint. The token is named twice, since some
 * SDKs know the file alone and others the variable: it is read where the lines are, and so is not among them.
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

/** What a script must not go on with where there is no endpoint: no identity is left, and the last line fails. */
export function failedLines(env: ServedPlace['env']): string {
  return [...shutLines(env), 'false', ''].join('\n');
}

function shutLines(env: ServedPlace['env']): readonly string[] {
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
