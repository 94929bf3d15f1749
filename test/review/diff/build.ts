/** Small plans for tests, without Terraform: identities and whatever else before and after. */

import type { PolicyDocument, Statement } from '@leasehold/policy';
import type {
  Estate,
  Identity,
  PlacedPolicy,
  PlannedAccess,
  Read,
  ResourcePolicy,
  Watched,
} from '../../../lib/review/model';
import { isWatched } from '../../../lib/review/types/watched-types';

export const ACCOUNT = '123456789012';

export function known<T>(value: T): Read<T> {
  return { kind: 'known', value };
}

export function unknown(why = 'known only after apply'): Read<never> {
  return { kind: 'unknown', why };
}

export function document(...statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(
  actions: string | readonly string[],
  resources: string | readonly string[],
  more: Partial<Statement> = {},
): Statement {
  return { Effect: 'Allow', Action: actions, Resource: resources, ...more };
}

/** A policy with statements; a text is an ARN of one that the plan only names. */
export type PolicySpec = readonly Statement[] | string | Read<PolicyDocument>;

export interface IdentitySpec {
  readonly kind?: Identity['kind'];
  readonly account?: Read<string>;
  readonly policies?: readonly PolicySpec[];
  readonly boundary?: PolicySpec;
  readonly trust?: PolicySpec;
  readonly maxSession?: number;
  readonly groups?: readonly string[];
  readonly exclusive?: Partial<Identity['exclusive']>;
}

export interface EstateSpec {
  readonly identities?: Readonly<Record<string, IdentitySpec>>;
  readonly resourcePolicies?: Readonly<
    Record<string, Partial<ResourcePolicy> & { readonly statements: readonly Statement[] }>
  >;
  /** Terraform address → attributes. */
  readonly watched?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Terraform address → addresses that an attribute known only after apply refers to. */
  readonly names?: Readonly<Record<string, NonNullable<Watched['names']>>>;
}

export function anIdentity(name: string, spec: IdentitySpec): Identity {
  const { kind = 'role', policies = [], boundary, trust, maxSession = 3600, groups = [], exclusive } = spec;
  const address = `aws_iam_${kind}.${name}`;
  return {
    key: `${kind} ${ACCOUNT} ${name}`,
    kind,
    name,
    place: { address },
    account: spec.account ?? known(ACCOUNT),
    arn: known(`arn:aws:iam::${ACCOUNT}:${kind}/${name}`),
    policies: policies.map((policy, index) => placed(policy, `aws_iam_${kind}_policy.${name}-${index}`, 'policy')),
    ...(boundary === undefined ? {} : { boundary: placed(boundary, address, 'permissions_boundary') }),
    ...(kind === 'role'
      ? { trust: placed(trust ?? TRUST, address, 'assume_role_policy'), maxSession: known(maxSession) }
      : {}),
    groups: groups.map((group) => `group ${ACCOUNT} ${group}`),
    exclusive: { inline: false, attached: false, ...exclusive },
  };
}

const TRUST: readonly Statement[] = [
  { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
];

export function anEstate({ identities = {}, resourcePolicies = {}, watched = {}, names = {} }: EstateSpec): Estate {
  const all = Object.entries(identities).map(([name, spec]) => anIdentity(name, spec));
  return {
    identities: new Map(all.map((identity) => [identity.key, identity])),
    resourcePolicies: new Map(
      Object.entries(resourcePolicies).map(([key, { statements, ...rest }]): [string, ResourcePolicy] => [
        key,
        {
          key,
          type: key.split('.')[0] ?? '',
          resource: known('arn:aws:s3:::thing'),
          account: known(ACCOUNT),
          policy: placed(statements, key, 'policy'),
          ...rest,
        },
      ]),
    ),
    watched: new Map(
      Object.entries(watched).map(([address, values]): [string, Watched] => [
        address,
        {
          key: address,
          type: watchedType(address),
          place: { address },
          account: known(ACCOUNT),
          values,
          ...(names[address] === undefined ? {} : { names: names[address] }),
        },
      ]),
    ),
  };
}

/** A type that no plan is read for would let a test pass about what is never found. */
function watchedType(address: string): Watched['type'] {
  const type = address.split('.')[0] ?? '';
  if (!isWatched(type)) throw new Error(`no check looks at ${type}: add it to lib/review/types/watched-types.ts`);
  return type;
}

export function aPlan(before: EstateSpec, after: EstateSpec, more: Partial<PlannedAccess> = {}): PlannedAccess {
  const sides = { before: anEstate(before), after: anEstate(after) };
  return {
    ...sides,
    accounts: accountsIn(sides.before, sides.after),
    unread: [],
    terraform: '1.11.0',
    formatVersion: '1.2',
    resources: 10,
    manifests: {},
    ...more,
  };
}

/** The accounts of everything in the plan, all of which a test means to be its own. */
function accountsIn(...estates: readonly Estate[]): readonly string[] {
  const all = estates.flatMap(({ identities, resourcePolicies, watched }) => [
    ...identities.values(),
    ...resourcePolicies.values(),
    ...watched.values(),
  ]);
  return [...new Set(all.flatMap(({ account }) => (account.kind === 'known' ? [account.value] : [])))];
}

function placed(policy: PolicySpec, address: string, attribute: string): PlacedPolicy {
  if (typeof policy === 'string') {
    return { place: { address }, arn: policy, document: unknown('the plan only names it') };
  }
  const read = 'kind' in policy ? policy : known(document(...policy));
  return { place: { address, attribute }, document: read };
}
