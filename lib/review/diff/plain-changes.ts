/**
 * Computes changes of plain policies. Policies are plain if they contain only allow statements, and if the statements
 * that differ name actions without wildcards and have no conditions. Most changes are of this kind and need no search.
 * All other changes are left to `compare`.
 */
import type { Catalogue } from '@leasehold/policy';
import { many, type Statement } from '@leasehold/policy';
import { allowanceOf } from './allowance';
import { canonical, statementsOf, versionOf } from './equal-values';
import type { Side } from './side';

/** An action and the resource patterns on which it is newly allowed. */
export interface PlainGain {
  /** The action name in canonical case. */
  readonly action: string;
  /** Resource patterns as written, sorted. Never empty. */
  readonly resources: readonly string[];
}

export interface PlainChanges {
  readonly gained: readonly PlainGain[];
  readonly lost: readonly PlainGain[];
}

/** The exact gains and losses. `undefined` if `compare` must determine them. */
export function plainChanges(before: Side, after: Side, catalogue: Catalogue): PlainChanges | undefined {
  if (before.boundary !== undefined || after.boundary !== undefined) return undefined;
  if (before.unknown.length > 0 || after.unknown.length > 0) return undefined;
  const [earlier, later] = [plainStatements(before), plainStatements(after)];
  if (earlier === undefined || later === undefined) return undefined;
  const gained = newlyAllowed(earlier, later, before, catalogue);
  const lost = gained && newlyAllowed(later, earlier, after, catalogue);
  return gained === undefined || lost === undefined ? undefined : { gained, lost };
}

/**
 * The statements of a side, keyed by their canonical text. `undefined` if any statement is not a plain allow statement.
 */
function plainStatements({ documents }: Side): ReadonlyMap<string, Statement> | undefined {
  const found = new Map<string, Statement>();
  for (const document of documents) {
    if (versionOf(document) !== '2012-10-17') return undefined;
    for (const statement of statementsOf(document)) {
      if (statement.Effect !== 'Allow' || statement.Action === undefined || statement.Resource === undefined) {
        return undefined;
      }
      found.set(canonical(statement, versionOf(document)), statement);
    }
  }
  return found;
}

function newlyAllowed(
  from: ReadonlyMap<string, Statement>,
  to: ReadonlyMap<string, Statement>,
  side: Side,
  catalogue: Catalogue,
): readonly PlainGain[] | undefined {
  const gained = new Map<string, Set<string>>();
  for (const [key, statement] of to) {
    if (from.has(key)) continue;
    if (Object.keys(statement.Condition ?? {}).length > 0) return undefined;
    for (const name of many(statement.Action)) {
      const info = catalogue.action(name);
      // A pattern also covers future actions, and an action that is missing in the catalogue may not exist.
      if (info === undefined || info.id === 'sts:GetCallerIdentity') return undefined;
      const grants = allowanceOf(side).grants(name);
      const known = new Set(grants.filter(({ conditional }) => !conditional).flatMap(({ resources }) => resources));
      const fresh = many(statement.Resource).filter((resource) => !known.has(resource));
      if (fresh.length === 0) continue;
      // Whether one resource lies within another is left to `compare`.
      if (grants.length > 0) return undefined;
      const accepted = fresh.filter((resource) => resource === '*' || catalogue.acceptsResource(info, resource));
      if (accepted.length === 0 || accepted.some((resource) => resource.includes('${'))) return undefined;
      const places = gained.get(info.id) ?? new Set<string>();
      for (const resource of accepted) places.add(resource);
      gained.set(info.id, places);
    }
  }
  return [...gained]
    .map(([action, places]) => ({ action, resources: [...places].sort() }))
    .sort((one, other) => (one.action < other.action ? -1 : 1));
}
