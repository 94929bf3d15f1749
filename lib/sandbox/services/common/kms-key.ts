/** KMS keys in requests, and the KMS calls that other services make on the caller's behalf. */
import { type Context, type Need, type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { namedArn, quoted, type ResourceKind, statedArn } from './resources';

export const KMS_KEY: ResourceKind = { service: 'kms', prefix: 'key/', name: /^(mrk-[0-9a-f]{32}|[0-9a-fA-F-]{36})$/ };

export const KMS_ALIAS: ResourceKind = { service: 'kms', prefix: 'alias/', name: /^[\w/-]{1,250}$/ };

/**
 * The ARN of a key that is given by its id, its ARN, an alias or an alias ARN. Requests with an unknown alias are
 * refused.
 */
export function kmsKeyArn(request: SignedRequest, id: string): string {
  const alias = aliasArn(request, id);
  if (alias !== undefined) {
    const key = request.known?.keyAliases?.get(alias);
    if (key === undefined) throw new UnmappedRequest(`the key behind ${quoted(id)} is not known`);
    return statedArn(request, KMS_KEY, key);
  }
  return id.startsWith('arn:') ? statedArn(request, KMS_KEY, id) : namedArn(request, KMS_KEY, id);
}

/** The ARN of an alias; `undefined` if the text is not an alias. */
export function aliasArn(request: SignedRequest, id: string): string | undefined {
  if (id.startsWith('alias/')) return namedArn(request, KMS_ALIAS, id.slice('alias/'.length));
  return /^arn:[^:]*:kms:[^:]*:[^:]*:alias\//.test(id) ? statedArn(request, KMS_ALIAS, id) : undefined;
}

/**
 * The KMS permissions that the caller needs when a service uses a key for it. AWS-managed keys (`alias/aws/…`) permit
 * their service, so no permission is needed.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
 */
export function keyThroughService(
  request: SignedRequest,
  id: string,
  service: string,
  actions: readonly string[],
  encryptionContext: Readonly<Record<string, string>> = {},
): readonly Need[] {
  if (aliasArn(request, id)?.includes(':alias/aws/')) return [];
  const resource = kmsKeyArn(request, id);
  const context = {
    'kms:CallerAccount': request.account,
    'kms:ViaService': `${service}.${request.region}.amazonaws.com`,
    ...encryptionContextKeys(encryptionContext),
  };
  return actions.map((action) => ({ action: `kms:${action}`, resource, context }));
}

/** The condition keys `kms:EncryptionContext:…` and `kms:EncryptionContextKeys`. */
export function encryptionContextKeys(context: Readonly<Record<string, string>>): Context {
  const names = Object.keys(context);
  if (names.length === 0) return {};
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw new UnmappedRequest('two keys of the encryption context differ only in case');
  }
  const values = names.map((name) => [`kms:EncryptionContext:${name}`, context[name] ?? ''] as const);
  return { ...Object.fromEntries(values), 'kms:EncryptionContextKeys': names };
}
