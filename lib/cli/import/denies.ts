/**
 * Handles the explicit deny statements of a source. Access that these statements deny unconditionally is left out of
 * every role. The other deny statements are repeated in the roles that they affect.
 */
import {
  type Catalogue,
  compileActionPattern,
  many,
  overlaps,
  resourcePattern,
  type Statement,
} from '@leasehold/policy';
import type { Refusal } from './actions';
import { lose, rest } from './import-report';
import type { DraftResource, DraftRole, DraftStatement, Home, Tale, Unit } from './model';
import { resourcesAtHome } from './resources';

/** A deny statement of the source, and how messages refer to it. */
export interface SourceDeny {
  readonly statement: Statement;
  readonly from: string;
}

const EXCEPT: Refusal = {
  why: 'The source denies it everywhere but on some resources (`NotResource`), and a deny of a role names resources.',
  instead:
    'Replace the deny in the source with a list of the resources that remain allowed, and import the source again.',
};

/**
 * The unit without two kinds of access: access that the source denies unconditionally, and access affected by deny
 * statements that cannot be expressed in a role.
 */
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

/** The role, including the source's deny statements that affect the role's permissions. */
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

/** Whether a denied resource and a resource of a role may match the same ARN. */
function mayMeet(text: string, resource: string, home: Home): boolean {
  if (text === '*' || resource === '*') return true;
  const here = resource
    .replaceAll('${env.partition}', home.partition)
    .replaceAll('${env.region}', home.region)
    .replaceAll('${env.account}', home.account);
  return overlaps(resourcePattern(text), resourcePattern(here));
}

/**
 * A denied resource in the form that roles use. Wildcards for account and region become the environment's account
 * and region, as in the role's allow statements. If the result denies less than the source, the proof removes the
 * role's permissions that exceed the source.
 */
function denied(text: string, home: Home, isServed: (resource: DraftResource) => boolean): readonly string[] {
  const found = resourcesAtHome(text, home);
  return 'why' in found ? [text] : found.filter(isServed).map(({ written }) => written);
}

/** The conditions of a statement. All values are strings, and there are no duplicates. */
export function conditionsOf({ Condition = {} }: Statement): DraftStatement['conditions'] {
  return Object.fromEntries(
    Object.entries(Condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, [...new Set(many(values).map(String))]])),
    ]),
  );
}
