/**
 * Decides which callers the conditions of a statement permit: nobody, only callers that a fixed value identifies, or
 * strangers too.
 *
 * `compare` decides this with calls that it constructs and checks with `evaluate`. The policy is compared with a copy
 * that denies everyone whom no fixed value identifies. If the policy permits a call that the copy denies, the caller is
 * a stranger. An undecided case counts as a stranger.
 */
import { type CompareOptions, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { widens } from '../diff/demands';
import { statementsOf } from '../diff/equal-values';
import { conditionsOf, writtenIn } from './conditions';
import { ANY_CALLER_KEYS, type Naming, namingOf, type Reading } from './named-callers';
import { boundedNetworks } from './networks';
import { whoMay, without } from './scope';

/** The callers that a statement permits. */
export type Callers =
  /** No caller can meet the conditions. */
  | { readonly kind: 'nobody' }
  /** No fixed value identifies at least one of the permitted callers. */
  | { readonly kind: 'strangers' }
  | {
      readonly kind: 'named';
      /** Permitted accounts other than the plan's own accounts. */
      readonly accounts: readonly string[];
      /** Whether all permitted callers belong to the plan's own accounts. */
      readonly own: boolean;
    };

export interface CallersOptions extends CompareOptions {
  /**
   * @default every key that identifies a caller or, for calls by a service, the party on whose behalf the service makes
   * the call
   */
  readonly keys?: ReadonlyMap<string, Reading>;
  /** The plan's own accounts. */
  readonly accounts: ReadonlySet<string>;
  /**
   * ARNs that contain no account id, but whose resources belong to the plan, for example its buckets.
   * @default none
   */
  readonly ownResources?: Pick<ReadonlySet<string>, 'has'>;
}

/** The callers that a statement permits, according to its `Principal` and its conditions. */
export function callersOf(statement: Statement, document: PolicyDocument, options: CallersOptions): Callers {
  const { keys = ANY_CALLER_KEYS, accounts, ownResources } = options;
  const isOwn = ({ account, value }: Naming) =>
    account === undefined ? value.startsWith('${aws:') || ownResources?.has(value) === true : accounts.has(account);
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

/** Whether any caller can use a statement. */
export function letsInAnybody(statement: Statement, document: PolicyDocument, options: CompareOptions): boolean {
  const who = whoMay(statement, document);
  if (conditionsOf(statement).length === 0 && statementsOf(who).length === 1) return true;
  return admission(who, options)(undefined);
}

const STRANGERS: Callers = { kind: 'strangers' };
const NOBODY: Callers = { kind: 'nobody' };
const OWN: Callers = { kind: 'named', accounts: [], own: true };

/** Whether the statement permits a call that would be denied by a deny statement with the given condition. */
function admission(who: PolicyDocument, options: CompareOptions): (denied: Statement['Condition']) => boolean {
  return (denied) => widens({ trust: without(who, denied) }, { trust: who }, options);
}

/**
 * Whether a single condition requires one of the wanted values, which identify a caller. Most statements have such a
 * condition, so no comparison is needed for them.
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

/** Excludes conditions with `IfExists` or `ForAllValues`, which are true if the call does not contain the key. */
const DEMANDING = /^(ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/** The values in a document's conditions that identify a caller. */
export function namingsIn(document: PolicyDocument, keys: ReadonlyMap<string, Reading>): readonly Naming[] {
  const names = writtenIn(document).flatMap((written) => namingOf(written, keys) ?? []);
  const networks = boundedNetworks(names.flatMap(({ reading, value }) => (reading === 'network' ? [value] : [])));
  return names.filter(({ reading, value }) => reading !== 'network' || networks.includes(value));
}

/**
 * A condition that is true for every caller who is not identified by any of the values. `undefined` if there is no
 * value.
 */
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

/**
 * Pairs of an operator and a value. A condition with such a pair is true for every caller that the given value does not
 * identify.
 */
function unlike({ reading, value, pattern, account }: Omit<Naming, 'key' | 'several'>): readonly [string, string][] {
  if (reading === 'network') return [['NotIpAddress', value]];
  const text: [string, string] = [pattern ? 'StringNotLike' : 'StringNotEqualsIgnoreCase', value];
  if (reading !== 'arn' || !value.startsWith('arn:')) return [text];
  if (account !== undefined) return [text, ['ArnNotLike', arnsOf(account)]];
  // With ArnNotLike, a literal `*` would be a wildcard, and exclude callers whom the value does not identify.
  return !pattern && /[*?]/.test(value) ? [text] : [text, ['ArnNotLike', value]];
}

/** A condition that is true for callers in the account that a value identifies. */
function ofAccount({ key, reading, several }: Naming, account: string): Statement['Condition'] {
  const [operator, value] = reading === 'arn' ? ['ArnLike', arnsOf(account)] : ['StringEquals', account];
  return { [several ? `ForAnyValue:${operator}` : operator]: { [key]: [value] } };
}

function arnsOf(account: string): string {
  return `arn:*:*:*:${account}:*`;
}
