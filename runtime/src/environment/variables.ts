/**
 * Finds credentials in environment variables, or at an endpoint that a variable names. Source:
 * https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html#EVarSettings
 */

import type { CredentialPlace } from './credential-place';
import type { OwnCredentials } from './own-credentials';
import { holdsKeyOfTool } from './sources';

/** Variables for long-term keys in old and new SDKs. */
const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ACCESS_KEY', 'AWS_SECRET_KEY'];
/** Variables that belong to a session, not to a long-term key. */
const SESSIONS = ['AWS_SESSION_TOKEN', 'AWS_SECURITY_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE'];
/** Variables with endpoints of credentials. */
const ENDPOINTS = ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'AWS_CONTAINER_CREDENTIALS_FULL_URI'];

/** The variables that contain credentials or lead to credentials. */
export function variableCredentials(env: NodeJS.ProcessEnv, own: OwnCredentials): readonly CredentialPlace[] {
  const set = (name: string) => env[name] !== undefined && env[name] !== '';
  const mine = own.accessKeyId !== undefined && env.AWS_ACCESS_KEY_ID === own.accessKeyId;
  const keys = mine ? KEYS.filter((name) => !/^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY)$/.test(name)) : KEYS;
  const bearers = Object.keys(env).filter((name) => name.startsWith('AWS_BEARER_TOKEN_'));
  const tools = Object.keys(env).filter((name) => holdsKeyOfTool(name, env[name] ?? ''));
  const endpoints = ENDPOINTS.filter(
    (name) =>
      !(name === 'AWS_CONTAINER_CREDENTIALS_FULL_URI' && own.endpoint !== undefined && env[name] === own.endpoint),
  );
  return [
    ...[...keys, ...SESSIONS, ...bearers, ...tools]
      .filter(set)
      .map((what) => ({ kind: 'environment' as const, what, where: 'environment' })),
    ...endpoints.filter(set).map((what) => ({ kind: 'container' as const, what, where: 'environment' })),
  ];
}
