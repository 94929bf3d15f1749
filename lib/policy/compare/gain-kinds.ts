/** The actions about which two sides could differ, in kinds that every statement treats alike. */
import type { Catalogue } from '../catalogue-types';
import { coversAction } from '../evaluate/action';
import type { PreparedStatement } from '../evaluate/statement';
import { foldAscii } from '../glob';
import { grantingPolicies, policiesOf, type Side, statementsOf } from './sides';

/** One action, as far as it matters here. */
export interface Action {
  /** In canonical case; as written where the catalogue does not list it. */
  readonly id: string;
  /** Whether it may work on a resource that the pattern names. */
  readonly accepts: (pattern: string) => boolean;
}

/**
 * Actions of one service that work on the same types of resources and of which the same statements speak; so they are
 * one question.
 */
export type Kind = readonly [Action, ...Action[]];

/**
 * The actions that `after` may newly permit, those of future days apart.
 *
 * @param ownAlone Whether only what the policies themselves grant is in question.
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
      // STS has rules for single actions.
      const name = service === 'sts' ? id : [service, types, speaking(statements, foldAscii(id))].join(' ');
      add(name, { id, accepts: (resource) => catalogue.acceptsResource(info, resource) });
    }
  }
  return [...kinds.values()];
}

export function isWild(pattern: string): boolean {
  return /[*?]/.test(pattern);
}

/** The denies of the first side that do not stand in a policy of the same kind in the second. */
export function droppedDenies(before: Side, after: Side): readonly PreparedStatement[] {
  const kept = new Set(deniesOf(after).map(({ name }) => name));
  return deniesOf(before).flatMap(({ statement, name }) => (kept.has(name) ? [] : [statement]));
}

function deniesOf({ policies }: Side): readonly { readonly statement: PreparedStatement; readonly name: string }[] {
  return policiesOf(policies).flatMap(({ kind, version, denies }) =>
    denies.map((statement) => ({ statement, name: nameOf(statement, [kind, version]) })),
  );
}

/** What a deny says, whatever its place. */
function nameOf({ action, resource, conditions, principal }: PreparedStatement, policy: readonly string[]): string {
  const where = resource === undefined ? [] : [resource.negated, resource.patterns.map(({ text }) => text)];
  const when = conditions.map(({ operator, key, values }) => [operator, key, values]);
  return JSON.stringify([policy, action.negated, action.patterns, where, when, principal?.negated, principal?.listed]);
}

/** Patterns that cover every action which the second side may permit and the first may not. */
function namedBy(before: Side, after: Side, ownAlone: boolean): ReadonlySet<string> {
  const allowing = grantingPolicies(after).flatMap(({ allows }) => allows);
  if (ownAlone) return new Set(allowing.flatMap(patternsOf));
  const { boundary, session, scopeDown, scps } = before.policies;
  // Where a limit is loosened, a resource's policy may grant what no statement names.
  if ([boundary, session, scopeDown, scps].some((limit) => limit !== undefined)) return new Set('*');
  return new Set([...allowing, ...droppedDenies(before, after)].flatMap(patternsOf));
}

function patternsOf({ action }: PreparedStatement): readonly string[] {
  return action.negated || action.everything ? ['*'] : action.patterns;
}

/** Which of the statements speak of an action, in lower case. */
function speaking(statements: readonly PreparedStatement[], action: string): string {
  let name = '';
  for (const [index, statement] of statements.entries())
    if (coversAction(statement.action, action)) name += ` ${index}`;
  return name;
}
