/**
 * Determines who can use one entry of a policy. An entry is one principal of a statement, limited by the statement's
 * conditions.
 */
import { defined } from '@leasehold/contract/defined';
import type { Catalogue, PolicyDocument, Statement } from '@leasehold/policy';
import { blockOf, type Entry } from '../diff/principals';
import { callerDemands, demandsInWords } from './callers-in-words';
import { conditionsOf } from './conditions';
import { ANY_CALLER_KEYS, SERVICE_SOURCE_KEYS } from './named-callers';
import { type Callers, type CallersOptions, callersOf, letsInAnybody } from './strangers';

/** Options for the policy engine, and the resources that belong to the plan. */
interface Options extends Pick<CallersOptions, 'ownResources'> {
  readonly catalogue: Catalogue;
  readonly steps: number;
}

/**
 * Determines who can use an entry. A service is limited by the conditions on whom the service calls for; `*` is also
 * limited by conditions on the caller and the caller's network. Other principals are limited by their name, unless they
 * cannot meet the conditions.
 */
export function whoCalls(
  { named, statement }: Entry,
  document: PolicyDocument,
  accounts: ReadonlySet<string>,
  { catalogue, steps, ownResources }: Options,
): Callers {
  const options = { catalogue, steps, ...defined({ ownResources }) };
  const only = onlyNamed({ named, statement });
  if (named.kind !== 'Everyone' && named.kind !== 'Service') {
    return letsInAnybody(only, document, options) ? THEMSELVES : { kind: 'nobody' };
  }
  const keys = named.kind === 'Service' ? SERVICE_SOURCE_KEYS : ANY_CALLER_KEYS;
  return callersOf(only, document, { ...options, keys, accounts });
}

/** Whether an unchanged statement permits additional unknown callers because a deny statement was removed. */
export function isOpened(
  { named, statement }: Entry,
  before: PolicyDocument,
  after: PolicyDocument,
  options: Options,
): boolean {
  if (named.kind !== 'Everyone') return false;
  const [earlier, later] = [before, after].map((document) =>
    whoCalls({ named, statement }, document, NO_ACCOUNTS, options),
  );
  return later?.kind === 'strangers' && earlier?.kind !== 'strangers';
}

const THEMSELVES: Callers = { kind: 'named', accounts: [], own: false };
const NO_ACCOUNTS: ReadonlySet<string> = new Set();

/** Whether the entry permits, by name or by a condition, a service that may act on behalf of anyone. */
export function isForAnybody(
  entry: Entry,
  callers: Callers,
  document: PolicyDocument,
  { catalogue, steps }: Options,
): boolean {
  const { named, statement } = entry;
  if (named.kind === 'Service') return callers.kind === 'strangers';
  if (named.kind !== 'Everyone' || !conditionsOf(statement).some(({ key }) => SERVICE_KEYS.has(key))) return false;
  const keys = new Map([...ANY_CALLER_KEYS].filter(([key]) => !SERVICE_KEYS.has(key)));
  return callersOf(onlyNamed(entry), document, { catalogue, steps, keys, accounts: NO_ACCOUNTS }).kind === 'strangers';
}

/**
 * Whether conditions permit a service to act on behalf of only one owner that the plan does not show. The owner may be,
 * for example, an organization, or a bucket of another configuration.
 */
export function isForUnknownOwner({ named }: Entry, callers: Callers): boolean {
  return named.kind === 'Service' && callers.kind === 'named' && !callers.own && callers.accounts.length === 0;
}

/**
 * For a statement with the principal `*`, describes the conditions that do not limit who can call, as the end of a
 * sentence.
 */
export function namingNobody(statement: Statement): string {
  const demands = callerDemands(statement);
  return demands.length === 0 ? '' : `: ${demandsInWords(demands)} names nobody in particular`;
}

const SERVICE_KEYS: ReadonlySet<string> = new Set(['aws:principalservicename', 'aws:principalservicenameslist']);

/** A copy of the statement with the entry's principal as its only principal. `NotPrincipal` counts as everyone. */
export function onlyNamed({ named, statement: { NotPrincipal, ...statement } }: Entry): Statement {
  return { ...statement, Principal: NotPrincipal === undefined ? blockOf([named]) : '*' };
}
