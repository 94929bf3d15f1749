/** Resources, other than identities and policies, for which there can be findings. */
import { Unread, type Watched } from '../model';
import { isJson } from '../plan/plan';
import { topLevelNames } from '../types/named-attributes';
import { isWatched, WATCHED_TYPES } from '../types/watched-types';
import { PERMISSION_SET } from './permission-sets';
import { type PlanIndex, present } from './plan-index';
import { isConfigured, placeOf, type ScopedInstance, type Side } from './resource-instances';
import { IDENTITY_TYPES } from './tables';
import type { Value } from './value';

/** The watched resources of one side. The key is the current address of the resource in the plan. */
export function watchedOf(planIndex: PlanIndex, side: Side): ReadonlyMap<string, Watched> {
  return new Map(
    present(planIndex, side, WATCHED_TYPES).flatMap(({ instance, value }): [string, Watched][] => {
      const { type, address } = instance;
      if (!isWatched(type)) return [];
      const key = instance.deposed ? `${type} ${address} (left over)` : `${type} ${address}`;
      const read = value.shown();
      const values = isJson(read) ? read : {};
      const unset = unsetIn(instance, values);
      const names = namesIn(planIndex, instance, value);
      const watched = { key, type, place: placeOf(instance), account: instance.scope.account, values };
      return [
        [
          key,
          {
            ...watched,
            ...(unset.length === 0 ? {} : { unset }),
            ...(Object.keys(names).length === 0 ? {} : { names }),
          },
        ],
      ];
    }),
  );
}

/** Attributes that the configuration does not set. AWS will set their defaults. */
function unsetIn(instance: ScopedInstance, shown: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(shown).filter((name) => shown[name] === Unread && isConfigured(instance, name) === false);
}

/**
 * The identities, pools and parts of APIs to which an attribute refers, for attributes whose value is known only after apply. The
 * references are read from the configuration.
 */
function namesIn(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  value: Value,
): Readonly<Record<string, readonly string[]>> {
  const names: Record<string, readonly string[]> = {};
  const followed = [
    ...[...topLevelNames(instance.type)].map((attribute) => [attribute, NAMED] as const),
    ...Object.entries(REFERENCES[instance.type] ?? {}),
  ];
  for (const [attribute, types] of followed) {
    if (value.at(attribute).read().kind === 'known' || isConfigured(instance, attribute) !== true) continue;
    const { targets } = planIndex.references.follow(instance, attribute, types);
    if (targets.length > 0) names[attribute] = targets.map(({ address }) => address);
  }
  return names;
}

const NAMED: readonly string[] = [...IDENTITY_TYPES.keys(), PERMISSION_SET];

const API = { api_id: ['aws_apigatewayv2_api'] } as const;
const DOMAIN = { domain_name: ['aws_apigatewayv2_domain_name'] } as const;
const POOL = { user_pool_id: ['aws_cognito_user_pool'] } as const;

/** Additional attributes that refer to resources of other types, grouped by the type that has the attribute. */
const REFERENCES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  aws_api_gateway_base_path_mapping: DOMAIN,
  aws_apigatewayv2_api_mapping: { ...API, ...DOMAIN },
  aws_apigatewayv2_authorizer: API,
  aws_apigatewayv2_integration: API,
  aws_apigatewayv2_route: { ...API, target: ['aws_apigatewayv2_integration'] },
  aws_cognito_managed_user_pool_client: POOL,
  aws_cognito_user_pool_client: POOL,
};
