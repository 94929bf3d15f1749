/** The bounds of what a policy can permit while the values of some context keys are not known. */
import { type ConditionBlock, many, type OneOrMany, type PolicyDocument, type Statement } from '../document';
import { foldAscii } from '../glob';
import { VARIABLE, variablesIn } from './keys-read';

/**
 * An identity policy that does not read the unknown keys, and permits the most or the least that the policy can permit
 * with any values of these keys. Where both bounds give the same outcome, the outcome does not depend on the keys. The
 * statements keep their order. The document must be valid: {@link prepare} accepts it.
 */
export function permittingBound(
  document: PolicyDocument,
  unknown: readonly string[],
  permitting: 'most' | 'least',
): PolicyDocument {
  const names = new Set(unknown.map(foldAscii));
  const isUnknown = (key: string): boolean => names.has(foldAscii(key));
  return {
    ...document,
    Statement: many(document.Statement).map((statement) =>
      assumed(statement, isUnknown, (statement.Effect === 'Allow') === (permitting === 'most')),
    ),
  };
}

type IsUnknown = (key: string) => boolean;

/** The statement that matches more often, or less often, than this one with any value of the unknown keys. */
function assumed(statement: Statement, isUnknown: IsUnknown, matches: boolean): Statement {
  const { Resource, NotResource, Condition, ...others } = statement;
  const never = { ...others, NotResource: '*' };
  const condition = knownPart(Condition ?? {}, isUnknown);
  if (condition.isPart && !matches) return never;
  const rest = condition.isPart || Condition !== undefined ? { ...others, Condition: condition.block } : others;
  if (Resource !== undefined) {
    const kept = bounded(Resource, isUnknown, matches);
    return kept.length === 0 ? never : { ...rest, Resource: kept };
  }
  if (NotResource === undefined) return rest;
  const kept = bounded(NotResource, isUnknown, !matches);
  return kept.length === 0 ? { ...rest, Resource: '*' } : { ...rest, NotResource: kept };
}

/** The conditions without those that depend on an unknown key. */
function knownPart(
  block: ConditionBlock,
  isUnknown: IsUnknown,
): { readonly block: ConditionBlock; readonly isPart: boolean } {
  let isPart = false;
  const kept = Object.entries(block).flatMap(([operator, keys]) => {
    const known = Object.entries(keys).filter(
      ([key, values]) =>
        !isUnknown(key) && !many(values).some((value) => variablesIn(String(value)).some((each) => isUnknown(each))),
    );
    isPart ||= known.length < Object.keys(keys).length;
    return known.length === 0 ? [] : [[operator, Object.fromEntries(known)] as const];
  });
  return { block: Object.fromEntries(kept), isPart };
}

/** The patterns, in which an unknown variable matches anything, or which are left out because of the variable. */
function bounded(patterns: OneOrMany<string>, isUnknown: IsUnknown, matches: boolean): readonly string[] {
  return many(patterns).flatMap((pattern) => {
    if (!variablesIn(pattern).some((key) => isUnknown(key))) return [pattern];
    if (!matches) return [];
    return [pattern.replace(VARIABLE, (variable, key: string) => (isUnknown(key.trim()) ? '*' : variable))];
  });
}
