/** Credentials and tokens that the AWS CLI and SDKs cache on disk. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CredentialPlace } from './credential-place';

/** Maps a folder below the home folder to a description of its content. */
const CACHES: Readonly<Record<string, string>> = {
  '.aws/sso/cache': 'SSO token',
  '.aws/cli/cache': 'credentials of the AWS CLI',
  '.aws/login/cache': 'sign-in token',
  '.aws/boto/cache': 'credentials of boto3',
};

/** The file with the MinIO client's keys. restic uses these keys if it does not find other keys. */
const MINIO_CLIENT = 'config.json';

/** The cache files that contain an unexpired token or key. */
export function cachedCredentials(env: NodeJS.ProcessEnv, homes: readonly string[]): readonly CredentialPlace[] {
  const minio = [...homes.map((home) => join(home, '.mc')), ...(env.MC_CONFIG_DIR ? [env.MC_CONFIG_DIR] : [])];
  return [
    ...homes.flatMap(cachesBelow),
    ...[...new Set(minio)]
      .map((folder) => join(folder, MINIO_CLIENT))
      .filter(holdsMinioKey)
      .map((where) => ({ kind: 'cache' as const, what: 'keys of mc', where })),
  ];
}

/** Whether the file contains an S3 key. Every file contains the key of MinIO's public playground, which is ignored. */
function holdsMinioKey(path: string): boolean {
  try {
    const { aliases, hosts } = JSON.parse(readFileSync(path, 'utf8'));
    return Boolean((aliases ?? hosts)?.s3?.secretKey);
  } catch (error) {
    return error instanceof SyntaxError;
  }
}

function cachesBelow(home: string): readonly CredentialPlace[] {
  return Object.entries(CACHES).flatMap(([folder, what]) =>
    filesIn(join(home, folder))
      .filter(usable)
      .map((where) => ({ kind: 'cache' as const, what, where })),
  );
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/**
 * Whether a file contains a usable token. A client registration is not a token. A file that can be read but not parsed
 * counts as a file with a usable token.
 */
function usable(path: string): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  if (text.trim() === '') return false;
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return true;
  }
  const names = namesIn(found);
  if (names.has('refreshtoken')) return true;
  return ['accesstoken', 'secretaccesskey', 'idtoken'].some((name) => names.has(name)) && !isOver(found);
}

function namesIn(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return;
    for (const [name, field] of Object.entries(inner)) {
      names.add(name.toLowerCase());
      visit(field);
    }
  };
  visit(value);
  return names;
}

function isOver(value: unknown): boolean {
  const { expiresAt, Credentials } = (value ?? {}) as {
    expiresAt?: unknown;
    Credentials?: { Expiration?: unknown } | null;
  };
  const end = Date.parse(String(expiresAt ?? Credentials?.Expiration ?? ''));
  return !Number.isNaN(end) && end <= Date.now();
}
