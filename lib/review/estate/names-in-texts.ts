/** Finds names of resources, buckets, addresses and people in the strings of a resource. */
import type { OutsideName } from '../model';
import { grantOf, roleGrantOf } from '../types/named-attributes';
import { accountsInQuery, isPublicHost, ownerOfAddress } from './address-owners';
import { HOST, isCode, isSending, isSendingInJson, lastOf } from './destinations';
import { type JsonText, LONGEST_PATH, textsInJson, unescaped } from './json-texts';
import { peopleIn } from './people';
import { stateMachineValue } from './state-machine-values';

export type Name = Omit<OutsideName, 'place'>;

/**
 * The names in a value. A value may contain several names, for example in a comma-separated list or in JSON. Each name
 * is examined independently of the other names. Names in policies are not included, because policies have separate
 * checks.
 */
export function namesIn(text: string, path: string, type: string): readonly Name[] {
  // The text may be under any key.
  if (path.length > LONGEST_PATH) return namesInUnreadable(text, 'bucket');
  if (IGNORED.test(path) || isGrant(type, path)) return [];
  const parts = textsInJson(text);
  if (parts === undefined) return unique(namesInText(text, path, isSending(type, path), isCode(type, path)));
  if (parts === 'unreadable') return namesInUnreadable(text, path);
  return unique(parts.flatMap((part) => (COMMENT.test(lastOf(part.path)) ? [] : namesInPart(part, path, type))));
}

function namesInPart({ path, text, isPath = false }: JsonText, attribute: string, type: string): readonly Name[] {
  const sends = isSendingInJson(type, attribute, path);
  const value = stateMachineValue(type, text, isPath);
  if (value?.kind === 'literal') return namesInText(value.text, path, sends);
  const names = namesInText(text, path, sends);
  if (value === undefined || !sends || !TARGET.test(lastOf(path))) return names;
  return [...names, { what: value.kind === 'reference' ? 'input' : 'computed', value: text, sends }];
}

/** Keys whose value is the target itself. */
const TARGET = /(^|_)(arn|bucket(_name)?|uri|url|endpoint|destination|target|event_bus(_name)?)$/;

/** The names in a text whose keys cannot be read. The resource may send to every one of them. */
function namesInUnreadable(text: string, path: string): readonly Name[] {
  const plain = unescaped(text);
  const buckets = /bucket/i.test(plain) ? [...plain.matchAll(QUOTED_BUCKET)] : [];
  return unique([
    ...namesInText(plain, path, true),
    ...buckets.map(([, value = '']): Name => ({ what: 'bucket', value, sends: true })),
  ]);
}

/** A text in quotes that can be the name of a bucket. */
const QUOTED_BUCKET = /["'\\]([a-z0-9][a-z0-9.-]{2,62})(?=["'\\])/g;

/** A name to which the resource sends replaces the same name that it only uses. */
function unique(names: readonly Name[]): readonly Name[] {
  const found = new Map<string, Name>();
  for (const name of names) {
    const key = `${name.what} ${name.value} ${name.account ?? ''}`;
    if (name.sends || !found.has(key)) found.set(key, name);
  }
  return [...found.values()];
}

function namesInText(text: string, path: string, sends: boolean, code = false): readonly Name[] {
  const names = [...new Set([text, decoded(text)])].flatMap((reading) => [
    ...arnsIn(reading, sends),
    ...imagesIn(reading),
    ...addressesIn(reading, sends),
    ...(sends && HOST.test(lastOf(path)) ? hostsIn(reading) : []),
    ...(sends || code ? bucketsIn(reading, sends) : []),
    ...(sends ? peopleIn(reading, lastOf(path)).map((value): Name => ({ what: 'person', value, sends: true })) : []),
  ]);
  return (sends || code) && isBucketName(text, path) ? [...names, { what: 'bucket', value: text, sends }] : names;
}

/** An ARN ends where the next one begins. */
const ARN = /arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):(?:(?!arn:aws)[^\s"'\\,;|])+/g;
/** A path in an ARN of API Gateway, which names a queue with its account. */
const QUEUE_PATH = /arn:aws[a-z-]*:apigateway:[a-z0-9-]+:sqs:path\/(\d{12})\/[^\s"'\\,;|]+/g;

function arnsIn(text: string, sends: boolean): readonly Name[] {
  return [...text.matchAll(ARN), ...text.matchAll(QUEUE_PATH)].map(
    ([value, account = '']): Name => ({ what: 'account', value, account, sends }),
  );
}

/** A repository of ECR, without the tag or the digest of an image. */
const IMAGE =
  /(?<![\w.-])(\d{12})\.dkr[.-]ecr(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|on\.aws)\/[^\s"'\\,;|:@]+/g;

function imagesIn(text: string): readonly Name[] {
  return [...text.matchAll(IMAGE)].map(
    ([value, account = '']): Name => ({ what: 'account', value, account, sends: false }),
  );
}

const BUCKET = /(?:arn:aws[a-z-]*:s3:::|arn:aws[a-z-]*:apigateway:[a-z0-9-]+:s3:path\/|s3:\/\/)([a-z0-9][a-z0-9.-]+)/g;

function bucketsIn(text: string, sends: boolean): readonly Name[] {
  return [...text.matchAll(BUCKET)].map(([, value = '']): Name => ({ what: 'bucket', value, sends }));
}

/** An address ends where the next one begins. Whatever else follows a scheme belongs to the address. */
const ADDRESS = /(?<![a-z0-9+.-])(?:[a-z][a-z0-9+.-]*:\/\/|https?:)(?:(?![\s,;|"'\\][a-z][a-z0-9+.-]*:)[^\s"'])+/gi;
/** Schemes that name no host. */
const NO_HOST = /^(s3|file):/i;

function addressesIn(text: string, sends: boolean): readonly Name[] {
  return [...text.matchAll(ADDRESS)].flatMap(([value]): readonly Name[] => {
    if (NO_HOST.test(value)) return [];
    return ownedBy(value, value, sends);
  });
}

function ownedBy(address: string, value: string, sends: boolean): readonly Name[] {
  const owner = ownerOfAddress(address);
  const named = accountsInQuery(address).map((account): Name => ({ what: 'account', value, account, sends }));
  if (owner.kind === 'account') return [{ what: 'account', value, account: owner.account, sends }, ...named];
  if (!sends || owner.kind === 'service') return named;
  if (owner.kind === 'bucket') return [{ what: 'bucket', value: owner.bucket, sends }];
  return [{ what: owner.kind === 'customer' ? 'endpoint' : 'address', value, sends }];
}

/** The hosts in a list of hosts without a scheme. Names of a private network are not included. */
function hostsIn(text: string): readonly Name[] {
  return text
    .split(/[\s,;|]+/)
    .flatMap((value) => (isPublicHost(value) ? ownedBy(`https://${value}`, value, true) : []));
}
/** The text without percent encoding, which the query of an address may contain. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text.replace(/%[0-9a-f]{2}/gi, (code) => String.fromCharCode(Number.parseInt(code.slice(1), 16)));
  }
}

/** Attributes that only contain descriptions or filters, and therefore do not name anything that the resource uses. */
const IGNORED = /^(tags|tags_all|description|comment)\b|pattern$|(^|\.|_)filter/;

/** Keys in JSON that describe. */
const COMMENT = /^(comment|description)$/;

function isBucketName(text: string, path: string): boolean {
  return /(^|_)bucket(_name)?$/.test(lastOf(path)) && /^[a-z0-9][a-z0-9.-]{2,62}$/.test(text);
}

/** Whether the attribute determines who gets access. Such attributes are compared together with the other grants. */
function isGrant(type: string, path: string): boolean {
  const [grant, roles] = [grantOf(type), roleGrantOf(type)];
  if (grant === undefined && roles === undefined) return false;
  const paths = [
    ...(grant?.to ?? []),
    ...(grant?.gives ?? []),
    ...(roles?.roles ?? []).map((role) => role.path),
    ...(roles?.who ?? []),
  ];
  const general = path.replace(/\[\d+\]/g, '.*');
  return paths.some((each) => each === general || general.startsWith(`${each}.`));
}
