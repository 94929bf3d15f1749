/**
 * Groups the actions for which the two sides could differ. Every statement applies either to all actions of a group or
 * to no action of the group.
 */
import type { Catalogue } from '../catalogue-types';
import { coversAction } from '../evaluate/action';
import type { PreparedStatement } from '../evaluate/statement';
import { foldAscii } from '../glob';
import { grantingPolicies, policiesOf, type Side, statementsOf } from './sides';

/** One action, with the properties that the comparison needs. */
export interface Action {
  /** The id in canonical case, or as written if the catalogue does not contain the action. */
  readonly id: string;
  /** Whether the action can apply to a resource that matches the pattern. */
  readonly accepts: (pattern: string) => boolean;
}

/**
 * Actions of one service that have the same resource types and are covered by the same statements. Such actions can be
 * decided together.
 */
export type Kind = readonly [Action, ...Action[]];

/**
 * The actions in the catalogue that `after` may newly permit.
 *
 * @param ownAlone Whether to consider only grants that the compared policies make.
 */
export function kindsOf(before: Side, after: Side, catalogue: Catalogue, ownAlone: boolean): readonly Kind[] {
  const statements = [before, after].flatMap(({ policies }) => statementsOf(policies));
  const kinds = new Map<string, [Action, ...Action[]]>();
  const seen = new Set<string>();
  const add = (name: string, action: Action) => {
    const kind = kinds.get(name);
    if (kind === undefined) kinds.set(name, [action]);
    else kind.push(action);
  };
  for (const pattern of namedBy(before, after, ownAlone)) {
    const listed = catalogue.expand(pattern);
    if (listed.length === 0 && !isWild(pattern) && !seen.has(foldAscii(pattern))) {
      seen.add(foldAscii(pattern));
      add(foldAscii(pattern), { id: pattern, accepts: () => true });
    }
    for (const info of listed) {
      const { id, service, resourceTypes } = info;
      if (seen.has(id)) continue;
      seen.add(id);
      const types = resourceTypes.map(({ name }) => name).join();
      // Some STS actions have special rules, so each STS action is its own kind.
      const name = service === 'sts' ? id : [service, types, speaking(statements, foldAscii(id))].join(' ');
      add(name, { id, accepts: (resource) => catalogue.acceptsResource(info, resource) });
    }
  }
  return [...kinds.values()];
}

export function isWild(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** The Deny statements of the first side that are missing from the policies of the same kind on the second side. */
export function droppedDenies(before: Side, after: Side): readonly PreparedStatement[] {
  const kept = new Set(deniesOf(after).map(({ name }) => name));
  return deniesOf(before).flatMap(({ statement, name }) => (kept.has(name) ? [] : [statement]));
}

function deniesOf({ policies }: Side): readonly { readonly statement: PreparedStatement; readonly name: string }[] {
  return policiesOf(policies).flatMap(({ kind, version, denies }) =>
    denies.map((statement) => ({ statement, name: nameOf(statement, [kind, version]) })),
  );
}

/** A key that identifies a Deny statement independently of its position. */
function nameOf({ action, resource, conditions, principal }: PreparedStatement, policy: readonly string[]): string {
  const where = resource === undefined ? [] : [resource.negated, resource.patterns.map(({ text }) => text)];
  const when = conditions.map(({ operator, key, values }) => [operator, key, values]);
  return JSON.stringify([policy, action.negated, action.patterns, where, when, principal?.negated, principal?.listed]);
}

/** Action patterns that include every action for which the second side may permit more than the first. */
function namedBy(before: Side, after: Side, ownAlone: boolean): ReadonlySet<string> {
  const allowing = grantingPolicies(after).flatMap(({ allows }) => allows);
  if (ownAlone) return new Set(allowing.flatMap(patternsOf));
  const { boundary, session, scopeDown, scps } = before.policies;
  // If a limit is removed or changed, a resource policy may grant actions that no statement names.
  if ([boundary, session, scopeDown, scps].some((limit) => limit !== undefined)) return new Set('*');
  return new Set([...allowing, ...droppedDenies(before, after)].flatMap(patternsOf));
}

function patternsOf({ action }: PreparedStatement): readonly string[] {
  return action.negated || action.everything ? ['*'] : action.patterns;
}

/** The statements that apply to an action, which is given in lower case. */
function speaking(statements: readonly PreparedStatement[], action: string): string {
  let name = '';
  for (const [index, statement] of statements.entries())
    if (coversAction(statement.action, action)) name += ` ${index}`;
  return name;
}
