/** Explicit denies of a source: what they deny outright is in no role, and the rest is repeated by the roles that they touch. */
import {
  type Catalogue,
  compileActionPattern,
  many,
  overlaps,
  resourcePattern,
  type Statement,
} from '@leasehold/policy';
import type { Refusal } from './actions';
import type { DraftResource, DraftRole, DraftStatement, Home, Tale, Unit } from './model';
import { resourcesAtHome } from './resources';
import { lose, rest } from './tale';

/** A deny of the source, as a reader finds it. */
export interface SourceDeny {
  readonly statement: Statement;
  readonly from: string;
}

const EXCEPT: Refusal = {
  why: 'The source denies it everywhere but on some resources (`NotResource`), and a deny of a role names resources.',
  instead: 'Name in the source the resources that remain, in place of the deny, and import it again.',
};

/** The unit without what the source denies outright, and without what no role could repeat the deny of. */
export function withoutDenied(unit: Unit, denies: readonly SourceDeny[], tale: Tale): readonly Unit[] {
  return denies.reduce<readonly Unit[]>(
    (units, { statement }) => units.flatMap((each) => without(each, statement, tale)),
    [unit],
  );
}

function without(unit: Unit, deny: Statement, tale: Tale): readonly Unit[] {
  const outright = deny.Condition === undefined && many(deny.Resource).includes('*');
  if (!outright && deny.NotResource === undefined) return [unit];
  const denied = unit.actions.filter(({ id }) => names(deny, id));
  for (const { id } of denied) {
    if (outright) rest(tale, id, 'The source itself denies it.');
    else lose(tale, [id], EXCEPT);
  }
  const actions = unit.actions.filter((action) => !denied.includes(action));
  return actions.length === 0 ? [] : [{ ...unit, actions }];
}

/** The role with the denies of its source that touch what it allows. */
export function withDenies(
  role: DraftRole,
  denies: readonly SourceDeny[],
  home: Home,
  catalogue: Catalogue,
): DraftRole {
  const allowed = role.allow.flatMap(({ actions, resources }) =>
    actions.flatMap((pattern) => catalogue.expand(pattern).map((action) => ({ action, resources }))),
  );
  const deny = denies.flatMap(({ statement, from }): readonly DraftStatement[] => {
    const texts = many(statement.Resource);
    const touched = allowed.filter(
      ({ action, resources }) =>
        names(statement, action.id) &&
        resources.some((resource) => texts.some((text) => mayMeet(text, resource, home))),
    );
    const ids = [...new Set(touched.map(({ action }) => action.id))].toSorted();
    const isServed = (text: string) => touched.some(({ action }) => catalogue.acceptsResource(action, text));
    const resources = texts.filter(isServed);
    if (ids.length === 0 || resources.length === 0) return [];
    const written = [...new Set(resources.flatMap((text) => denied(text, home, ({ resolved }) => isServed(resolved))))];
    return [{ actions: ids, resources: written, conditions: conditionsOf(statement), from }];
  });
  return { ...role, deny };
}

function names({ Action, NotAction }: Statement, id: string): boolean {
  if (NotAction !== undefined) return !many(NotAction).some((pattern) => compileActionPattern(pattern)(id));
  return many(Action).some((pattern) => compileActionPattern(pattern)(id));
}

/** Whether a deny and a resource of a role may name the same. */
function mayMeet(text: string, resource: string, home: Home): boolean {
  if (text === '*' || resource === '*') return true;
  const here = resource
    .replaceAll('${env.partition}', home.partition)
    .replaceAll('${env.region}', home.region)
    .replaceAll('${env.account}', home.account);
  return overlaps(resourcePattern(text), resourcePattern(here));
}

/**
 * A resource that is denied, as a role writes it. Wildcards for account and region are the environment's, as they are in
 * what the role allows; where that denies less than the source, the proof takes out what is permitted then.
 */
function denied(text: string, home: Home, isServed: (resource: DraftResource) => boolean): readonly string[] {
  const found = resourcesAtHome(text, home);
  return 'why' in found ? [text] : found.filter(isServed).map(({ written }) => written);
}

/** Conditions of a statement, each value as text and once. */
export function conditionsOf({ Condition = {} }: Statement): DraftStatement['conditions'] {
  return Object.fromEntries(
    Object.entries(Condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, [...new Set(many(values).map(String))]])),
    ]),
  );
}
