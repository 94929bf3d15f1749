/** Describes, in words, the callers that a statement permits. */
import { many, type Statement } from '@leasehold/policy';
import { type Demand, demandInWords } from '../diff/demands';
import { inWords, type Named } from '../diff/principals';
import { ANY_CALLER_KEYS } from './named-callers';

/** The conditions of a statement that restrict the caller, or the party on whose behalf the caller acts. */
export function callerDemands({ Condition }: Statement): readonly Demand[] {
  return Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).flatMap(([key, values]) =>
      ANY_CALLER_KEYS.has(key.toLowerCase()) ? [{ operator, key, values }] : [],
    ),
  );
}

/** The given conditions as text, for example `StringEquals aws:PrincipalOrgID = o-a1b2c3d4e5`. */
export function demandsInWords(demands: readonly Demand[]): string {
  return demands.map((demand) => demandInWords({ ...demand, values: short(demand.values) })).join(' and ');
}

/**
 * A principal in words. If the principal is `*` and every statement has conditions on the caller, the text includes
 * these conditions.
 */
export function whoInWords(named: Named, statements: readonly Statement[]): string {
  if (named.kind !== 'Everyone') return inWords(named);
  const limits = statements.map((statement) => demandsInWords(callerDemands(statement)));
  if (limits.length === 0 || limits.includes('')) return inWords(named);
  return `whoever meets ${[...new Set(limits)].join(', or ')}`;
}

const MOST = 5;

function short(values: Demand['values']): Demand['values'] {
  const all = many(values);
  return all.length <= MOST ? values : [...all.slice(0, MOST), `${all.length - MOST} more`];
}
