/** Finds names of resources, buckets, addresses and people in the texts of a resource. */
import type { OutsideName } from '../model';
import { grantOf, roleGrantOf } from '../types/named-attributes';
import { ownerOfAddress } from './address-owners';
import { isSending, lastOf } from './destinations';

export type Name = Omit<OutsideName, 'place'>;

const ARN = /arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:(\d{12}):[^\s"'\\,]+/g;
const BUCKET = /^(?:arn:aws[a-z-]*:s3:::|s3:\/\/)([a-z0-9.-]+)/;
const URL = /^\s*https?:/i;
const PERSON = /^(?:[^\s@/]+@[^\s@/]+\.[^\s@/]+|\+\d{7,15})$/;

/** The names in a value. JSON may contain several ARNs. Policies have separate checks. */
export function namesIn(text: string, path: string, type: string): readonly Name[] {
  if (IGNORED.test(path) || isGrant(type, path) || (text.includes('"Statement"') && /^\s*\{/.test(text))) return [];
  const sends = isSending(type, path);
  const arns = [...text.matchAll(ARN)].map(
    ([value, account = '']): Name => ({ what: 'account', value, account, sends }),
  );
  if (arns.length > 0) return arns;
  const [url] = URL.exec(text) ?? [];
  const owner = url === undefined ? undefined : ownerOfAddress(text);
  if (owner?.kind === 'account') return [{ what: 'account', value: text, account: owner.account, sends }];
  if (!sends) return [];
  const [, bucket = isBucketName(text, path) ? text : undefined] = BUCKET.exec(text) ?? [];
  if (bucket !== undefined) return [{ what: 'bucket', value: bucket, sends }];
  if (owner?.kind === 'bucket') return [{ what: 'bucket', value: owner.bucket, sends }];
  if (owner?.kind === 'customer') return [{ what: 'endpoint', value: text, sends }];
  if (owner?.kind === 'outside') return [{ what: 'address', value: text, sends }];
  return PERSON.test(text) ? [{ what: 'person', value: text, sends }] : [];
}

/** Attributes that describe or filter, and name nothing that is used. */
const IGNORED = /^(tags|tags_all|description|comment)\b|pattern$|(^|\.|_)filter/;

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
