/** KMS keys as requests name them, and the calls that other services make to KMS in the caller's name. */
import { type Context, type Need, type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { namedArn, quoted, type ResourceKind, statedArn } from './resources';

export const KMS_KEY: ResourceKind = { service: 'kms', prefix: 'key/', name: /^(mrk-[0-9a-f]{32}|[0-9a-fA-F-]{36})$/ };

export const KMS_ALIAS: ResourceKind = { service: 'kms', prefix: 'alias/', name: /^[\w/-]{1,250}$/ };

/** The ARN of the key behind a key id, a key ARN, an alias or an alias's ARN. An alias that is not known is refused. */
export function kmsKeyArn(request: SignedRequest, id: string): string {
  const alias = aliasArn(request, id);
  if (alias !== undefined) {
    const key = request.known?.keyAliases?.get(alias);
    if (key === undefined) throw new UnmappedRequest(`which key ${quoted(id)} stands for is not known`);
    return statedArn(request, KMS_KEY, key);
  }
  return id.startsWith('arn:') ? statedArn(request, KMS_KEY, id) : namedArn(request, KMS_KEY, id);
}

/** The ARN of an alias; `undefined` for what is none. */
export function aliasArn(request: SignedRequest, id: string): string | undefined {
  if (id.startsWith('alias/')) return namedArn(request, KMS_ALIAS, id.slice('alias/'.length));
  return /^arn:[^:]*:kms:[^:]*:[^:]*:alias\//.test(id) ? statedArn(request, KMS_ALIAS, id) : undefined;
}

/**
 * What a service needs of a key when it uses it for the caller. The keys that AWS manages, `alias/aws/…`, are open to
 * their service, so nothing is needed of them.
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

/** `kms:EncryptionContext:…` and `kms:EncryptionContextKeys`. */
export function encryptionContextKeys(context: Readonly<Record<string, string>>): Context {
  const names = Object.keys(context);
  if (names.length === 0) return {};
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) {
    throw new UnmappedRequest('two keys of the encryption context differ in case alone');
  }
  const values = names.map((name) => [`kms:EncryptionContext:${name}`, context[name] ?? ''] as const);
  return { ...Object.fromEntries(values), 'kms:EncryptionContextKeys': names };
}
