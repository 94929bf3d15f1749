/** Resources that a finding may be about, other than identities and policies. */
import { Unread, type Watched } from '../model';
import { isJson } from '../plan/plan';
import { topLevelNames } from '../types/named-attributes';
import { isWatched, WATCHED_TYPES } from '../types/watched-types';
import { type Ground, present } from './ground';
import { isConfigured, placeOf, type Scoped, type Side } from './held';
import { PERMISSION_SET } from './permission-sets';
import { IDENTITY_TYPES } from './tables';
import type { Value } from './value';

/** The watched resources of one side. The key is the address that the plan has for it now. */
export function watchedOf(ground: Ground, side: Side): ReadonlyMap<string, Watched> {
  return new Map(
    present(ground, side, WATCHED_TYPES).flatMap(({ held, value }): [string, Watched][] => {
      const { type, address } = held;
      if (!isWatched(type)) return [];
      const key = held.deposed ? `${type} ${address} (left over)` : `${type} ${address}`;
      const read = value.shown();
      const values = isJson(read) ? read : {};
      const unset = unsetIn(held, values);
      const names = namesIn(ground, held, value);
      const watched = { key, type, place: placeOf(held), account: held.scope.account, values };
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

/** Attributes that nobody wrote down, and that AWS will set to its default. */
function unsetIn(held: Scoped, shown: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(shown).filter((name) => shown[name] === Unread && isConfigured(held, name) === false);
}

/** What attributes that are known only after apply name, as the configuration says. */
function namesIn(ground: Ground, held: Scoped, value: Value): Readonly<Record<string, readonly string[]>> {
  const names: Record<string, readonly string[]> = {};
  for (const attribute of topLevelNames(held.type)) {
    if (value.at(attribute).read().kind === 'known' || isConfigured(held, attribute) !== true) continue;
    const { targets } = ground.references.follow(held, attribute, NAMED);
    if (targets.length > 0) names[attribute] = targets.map(({ address }) => address);
  }
  return names;
}

const NAMED: readonly string[] = [...IDENTITY_TYPES.keys(), PERMISSION_SET];
