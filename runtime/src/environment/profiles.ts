/**
 * Credentials in the shared config files, and profiles that lead to credentials. Sources:
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#ConfigFileSettings
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialPlace } from './credential-place';
import type { OwnCredentials } from './own-credentials';

/** Maps settings that contain credentials, or that make an SDK obtain credentials, to descriptions. */
const LEADS: Readonly<Record<string, string>> = {
  aws_access_key_id: 'access key',
  aws_secret_access_key: 'access key',
  aws_session_token: 'session',
  aws_security_token: 'session',
  // These settings are in the file named by AWS_CREDENTIAL_FILE.
  awsaccesskeyid: 'access key',
  awssecretkey: 'access key',
  credential_process: 'credential_process',
  credential_source: 'credential_source',
  web_identity_token_file: 'web identity',
  role_arn: 'role',
  sso_session: 'SSO',
  sso_start_url: 'SSO',
  login_session: 'sign-in',
};

/** Variables that name a file, and files below the home folder. They belong to the SDKs, boto, s3cmd and rclone. */
const FILE_VARIABLES: readonly string[] = [
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_CREDENTIAL_FILE',
  'AWS_CONFIG_FILE',
  'BOTO_CONFIG',
  'S3CMD_CONFIG',
  'RCLONE_CONFIG',
];
/** Variables that contain a list of files. */
const LIST_VARIABLES: readonly string[] = ['BOTO_PATH'];
/** Further folders in which rclone looks for its config file. */
const RCLONE_FOLDERS: readonly (readonly [variable: string, file: string])[] = [
  ['XDG_CONFIG_HOME', 'rclone/rclone.conf'],
  ['RCLONE_CONFIG_DIR', 'rclone.conf'],
];
const FILES: readonly string[] = [
  '.aws/credentials',
  '.aws/config',
  '.boto',
  '.s3cfg',
  '.config/rclone/rclone.conf',
  '.rclone.conf',
];

/** The profiles in all shared files that contain credentials or tell where to find credentials. */
export function profileCredentials(
  env: NodeJS.ProcessEnv,
  homes: readonly string[],
  own: OwnCredentials,
): readonly CredentialPlace[] {
  const files = new Set([
    ...FILE_VARIABLES.flatMap((name) => expanded(env[name], env, homes)),
    ...LIST_VARIABLES.flatMap((name) => (env[name] ?? '').split(':').flatMap((path) => expanded(path, env, homes))),
    ...RCLONE_FOLDERS.flatMap(([name, file]) => expanded(env[name], env, homes).map((folder) => join(folder, file))),
    ...homes.flatMap((home) => FILES.map((name) => join(home, name))),
    '/etc/boto.cfg',
  ]);
  return [...files].flatMap((path) => credentialsIn(path, own));
}

/**
 * The files that a path may refer to. botocore expands variables and home folders itself if no shell has expanded them,
 * so each possible expansion counts. Source: https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html
 */
function expanded(path: string | undefined, env: NodeJS.ProcessEnv, homes: readonly string[]): readonly string[] {
  if (path === undefined || path === '') return [];
  const filled = path.replace(
    /\$(?:(\w+)|\{(\w+)\})/g,
    (whole, bare = '', braced = '') => env[bare || braced] ?? whole,
  );
  const atHome = [path, filled].filter((each) => each.startsWith('~/'));
  return [path, filled, ...atHome.flatMap((each) => homes.map((home) => join(home, each.slice(2))))];
}

function credentialsIn(path: string, own: OwnCredentials): readonly CredentialPlace[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return [];
  }
  return [...sections(text)].flatMap(([name, settings]) => {
    const id = settings.get('aws_access_key_id') ?? settings.get('awsaccesskeyid') ?? settings.get('access_key');
    const mine = own.accessKeyId !== undefined && id === own.accessKeyId;
    const found = new Set([...settings.keys()].flatMap((key) => leadOf(key)));
    if (mine && !settings.has('aws_session_token')) found.delete('access key');
    // AWS_CREDENTIAL_FILE has no sections.
    const of = name === '' ? '' : ` of [${name}]`;
    return [...found].map((lead) => ({ kind: 'profile' as const, what: `${lead}${of}`, where: path }));
  });
}

const OTHER_KEYS: readonly string[] = [
  'access_key',
  'secret_key',
  'access_key_id',
  'secret_access_key',
  'session_token',
];

/** The descriptions for a setting. s3cmd and rclone name their settings without the prefix `aws_`. */
function leadOf(key: string): readonly string[] {
  const lead = Object.hasOwn(LEADS, key) ? LEADS[key] : undefined;
  if (lead !== undefined) return [lead];
  return OTHER_KEYS.includes(key) ? ['access key'] : [];
}

/** The sections of an INI file with their settings. Lines before the first section form a section without a name. */
function sections(text: string): ReadonlyMap<string, Map<string, string>> {
  const found = new Map<string, Map<string, string>>();
  let name = '';
  for (const line of text.split(/\r?\n/)) {
    const section = /^\s*\[([^\]]*)\]/.exec(line)?.[1];
    if (section !== undefined) name = section.trim();
    const [, key, value] = /^\s*([A-Za-z0-9_.-]+)\s*[=:]\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined || key === undefined || value === undefined || value === '') continue;
    const settings = found.get(name) ?? new Map<string, string>();
    settings.set(key.toLowerCase(), value);
    found.set(name, settings);
  }
  return found;
}
