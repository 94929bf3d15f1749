/**
 * Whom the conditions of a statement let in: nobody, those whom a fixed value names, or strangers too.
 *
 * `compare` decides, by calls that it builds and holds against `evaluate`: does the statement permit a call that it
 * refuses once everybody is denied whom no fixed value names? Such a call is a stranger's. What cannot be decided counts
 * as one.
 */
import { type CompareOptions, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { statementsOf } from '../diff/same';
import { conditionsOf, writtenIn } from './conditions';
import { ANY_CALLER_KEYS, type Naming, namingOf, type Reading } from './named-callers';
import { boundedNetworks } from './networks';
import { whoMay, without } from './scope';

/** Whom a statement lets in. */
export type Callers =
  /** No caller can meet the conditions. */
  | { readonly kind: 'nobody' }
  /** Also those whom no fixed value names. */
  | { readonly kind: 'strangers' }
  | {
      readonly kind: 'named';
      /** Accounts that are named and let in, beside the own ones. */
      readonly accounts: readonly string[];
      /** Whether all who are let in are of the own accounts. */
      readonly own: boolean;
    };

export interface CallersOptions extends CompareOptions {
  /** @default every key that names a caller or for whom a service calls */
  readonly keys?: ReadonlyMap<string, Reading>;
  /** Accounts that are the plan's own. */
  readonly accounts: ReadonlySet<string>;
}

/** Whom a statement of a document lets in, beyond what its `Principal` says. */
export function callersOf(statement: Statement, document: PolicyDocument, options: CallersOptions): Callers {
  const { keys = ANY_CALLER_KEYS, accounts } = options;
  const isOwn = ({ account, value }: Naming) =>
    account === undefined ? value.startsWith('${aws:') : accounts.has(account);
  if (demandsOneOf(statement, keys, isOwn)) return OWN;
  const who = whoMay(statement, document);
  if (conditionsOf(statement).length === 0 && statementsOf(who).length === 1) return STRANGERS;
  const names = namingsIn(who, keys);
  const admits = admission(who, options);
  if (!demandsOneOf(statement, keys, () => true) && admits(noneOf(names))) return STRANGERS;
  if (!admits(undefined)) return NOBODY;
  const own = names.filter(isOwn);
  const foreign = names.filter((name) => !own.includes(name));
  const named = [...new Set(foreign.flatMap(({ account }) => account ?? []))];
  return {
    kind: 'named',
    accounts: named.filter((account) =>
      foreign.some((name) => name.account === account && admits(ofAccount(name, account))),
    ),
    own: !admits(noneOf(own)),
  };
}

/** Whether anybody at all may make use of a statement. */
export function letsInAnybody(statement: Statement, document: PolicyDocument, options: CompareOptions): boolean {
  const who = whoMay(statement, document);
  if (conditionsOf(statement).length === 0 && statementsOf(who).length === 1) return true;
  return admission(who, options)(undefined);
}

const STRANGERS: Callers = { kind: 'strangers' };
const NOBODY: Callers = { kind: 'nobody' };
const OWN: Callers = { kind: 'named', accounts: [], own: true };

/** Whether the statement permits a call that a deny with the condition refuses. */
function admission(who: PolicyDocument, options: CompareOptions): (denied: Statement['Condition']) => boolean {
  return (denied) => widens({ trust: without(who, denied) }, { trust: who }, options);
}

/**
 * Whether one condition by itself demands a value that names somebody, of those that are wanted: then no comparison is
 * needed. It holds of most statements.
 */
function demandsOneOf(
  statement: Statement,
  keys: ReadonlyMap<string, Reading>,
  wanted: (name: Naming) => boolean,
): boolean {
  return Object.entries(statement.Condition ?? {}).some(
    ([operator, block]) =>
      DEMANDING.test(operator) &&
      Object.entries(block).some(([key, values]) => {
        const one = { ...statement, Condition: { [operator]: { [key]: values } } };
        const names = namingsIn({ Statement: one }, keys).filter(wanted);
        return names.length > 0 && names.length === many(values).length;
      }),
  );
}

/** No `IfExists` and no `ForAllValues`, which a call without the key passes. */
const DEMANDING = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/** The values of a document's conditions that name somebody. */
export function namingsIn(document: PolicyDocument, keys: ReadonlyMap<string, Reading>): readonly Naming[] {
  const names = writtenIn(document).flatMap((written) => namingOf(written, keys) ?? []);
  const networks = boundedNetworks(names.flatMap(({ reading, value }) => (reading === 'network' ? [value] : [])));
  return names.filter(({ reading, value }) => reading !== 'network' || networks.includes(value));
}

/** The condition that everybody meets whom none of the values names; `undefined` where there is no value. */
export function noneOf(names: readonly Naming[]): Statement['Condition'] {
  const block: Record<string, Record<string, string[]>> = {};
  for (const { key, several, ...name } of names) {
    for (const [operator, value] of unlike(name)) {
      const set = several ? `ForAllValues:${operator}` : operator;
      const keys = block[set] ?? {};
      keys[key] = [...new Set([...(keys[key] ?? []), value])];
      block[set] = keys;
    }
  }
  return Object.keys(block).length === 0 ? undefined : block;
}

/** Operators and values that hold for whoever the value does not name. */
function unlike({ reading, value, pattern, account }: Omit<Naming, 'key' | 'several'>): readonly [string, string][] {
  if (reading === 'network') return [['NotIpAddress', value]];
  const text: [string, string] = [pattern ? 'StringNotLike' : 'StringNotEqualsIgnoreCase', value];
  if (reading !== 'arn' || !value.startsWith('arn:')) return [text];
  return [text, ['ArnNotLike', account === undefined ? value : arnsOf(account)]];
}

/** The condition that those meet whom a value names by their account. */
function ofAccount({ key, reading, several }: Naming, account: string): Statement['Condition'] {
  const [operator, value] = reading === 'arn' ? ['ArnLike', arnsOf(account)] : ['StringEquals', account];
  return { [several ? `ForAnyValue:${operator}` : operator]: { [key]: [value] } };
}

function arnsOf(account: string): string {
  return `arn:*:*:*:${account}:*`;
}
