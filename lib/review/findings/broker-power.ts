/**
 * Finds identities that gain control over a broker: over its function, its role, its records, or the key that
 * authenticates the records.
 */
import { defined } from '@leasehold/contract/defined';
import { BROKER_POWERS, type BrokerPart } from '@leasehold/documents';
import type { PolicyDocument, PolicyDocuments, Statement } from '@leasehold/policy';
import { type Broker, brokersOf, isBrokerFunction } from '../brokers/brokers-of-plan';
import { allowanceOf } from '../diff/allowance';
import { widens } from '../diff/demands';
import type { IdentityDiff } from '../diff/identity-diff';
import { entriesOf, inWords } from '../diff/principals';
import { permissionsOf } from '../diff/side';
import type { ReviewFinding } from '../review';
import { byResourcePolicy } from './broker-power-by-resource';
import { brokerPowerGained, labelOf, POWER, severityOf, targetsOf } from './broker-powers';
import { type Check, finding, listOf, nameOf, placeOf, type ReviewContext } from './finding';
import { isGivenEverything } from './full-access';

export const brokerPower: Check = {
  kinds: [brokerPowerGained],
  *find(context) {
    const brokers = brokersOf(context.access);
    if (brokers.length === 0) return;
    for (const diff of context.diffs) {
      const whole = isGivenEverything(diff, context);
      for (const broker of brokers) {
        yield* ofTrust(diff, broker);
        if (!whole) yield* ofPolicies(diff, broker, context);
      }
    }
    yield* ofRunning(brokers, context);
    yield* byResourcePolicy(brokers, context);
  },
};

/** Identities whose policies newly give them control over a broker. */
function* ofPolicies(diff: IdentityDiff, broker: Broker, context: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = diff.pair;
  if (after === undefined) return;
  const isOwnRole = after.identity.arn.kind === 'known' && after.identity.arn.value === broker.role;
  const gained = PARTS.flatMap((part) => {
    // The broker's function itself writes and authenticates the records.
    if (isOwnRole && (part === 'records' || part === 'key')) return [];
    const actions = BROKER_POWERS[part].filter((action) => {
      const targets = targetsOf(part, broker);
      if (!targets.some((target) => isAbout(diff, action, target, broker))) return false;
      const only = limits(action, targets, part === 'key' ? broker : undefined);
      const { catalogue, steps } = context;
      const [earlier, later] = [before, after].map((side) => within(permissionsOf(side), only));
      // A permission in the policy of the function or the key is reported for that policy.
      return widens(earlier ?? {}, later ?? {}, { catalogue, steps, resourcePolicies: 'ignore' });
    });
    return actions.length === 0 ? [] : [{ part, actions }];
  });
  const [worst] = gained;
  if (worst === undefined) return;
  const what = gained.map(({ part, actions }) => `${POWER[part].words} (${listOf(actions, 3)})`);
  yield finding(brokerPowerGained, {
    place: placeOf(diff),
    identity: diff.key,
    severity: severityOf(worst.part, broker),
    message: `The ${nameOf(diff)} gains power over ${labelOf(broker)}: it could now ${what.join('; ')}.`,
  });
}

/** Sorted by severity, most severe first. */
const PARTS = ['function', 'code', 'role', 'console', 'records', 'key'] as const satisfies readonly BrokerPart[];

/**
 * Whether an allow statement applies to a part of a broker. If only the name suggests that the function is a broker's,
 * the statement must name it.
 */
function isAbout({ pair }: IdentityDiff, action: string, target: string, { certain, function: name }: Broker): boolean {
  if (pair.after === undefined) return false;
  const grants = allowanceOf(pair.after).grants(action, target);
  return certain ? grants.length > 0 : grants.some(({ resources }) => resources.some((text) => isNamed(text, name)));
}

function isNamed(resource: string, functionArn: string): boolean {
  const name = functionArn.slice(functionArn.lastIndexOf(':'));
  return resource.includes(name);
}

/** A policy that denies everything except an action on some resources. */
function limits(action: string, resources: readonly string[], key: Broker | undefined): PolicyDocument {
  const statements: Statement[] = [
    { Effect: 'Deny', NotAction: [action], Resource: '*' },
    // A function ARN with every possible version or alias.
    { Effect: 'Deny', Action: '*', NotResource: resources.map((text) => text.replace(/:\$LATEST$/, ':*')) },
  ];
  // The key has exactly one alias. Services do not use this key on behalf of other principals.
  if (key !== undefined) {
    const deny = (Condition: Statement['Condition']): Statement => ({
      Effect: 'Deny',
      Action: '*',
      Resource: '*',
      ...defined({ Condition }),
    });
    statements.push(
      deny({ 'ForAllValues:StringNotEquals': { 'kms:ResourceAliases': [key.alias] } }),
      deny({ 'ForAnyValue:StringNotEquals': { 'kms:ResourceAliases': [key.alias] } }),
      deny({ Null: { 'kms:ViaService': 'false' } }),
      deny({ Bool: { 'kms:GrantIsForAWSResource': 'true' } }),
    );
  }
  return { Version: '2012-10-17', Statement: statements };
}

function within({ identity = [], ...rest }: PolicyDocuments, only: PolicyDocument): PolicyDocuments {
  return { ...rest, identity: [...identity, only] };
}

/** Principals other than the function's service that may assume the broker's role. */
function* ofTrust({ after, before, trust, ...diff }: IdentityDiff, broker: Broker): Iterable<ReviewFinding> {
  if (after?.arn.kind !== 'known' || after.arn.value !== broker.role) return;
  const place = { address: after.place?.address ?? after.name, attribute: 'assume_role_policy' };
  const about = { place, identity: diff.key, severity: severityOf('role', broker) };
  const later = after.trust?.document;
  if (later?.kind !== 'known') return;
  const added = new Set(trust?.added.map(({ key }) => key));
  const isNew = before?.trust?.document.kind !== 'known';
  const others = entriesOf(later.value).filter(
    ({ named }) => named.key !== LAMBDA && (isNew || added.has(named.key) || trust?.wider === true),
  );
  const names = [...new Map(others.map(({ named }) => [named.key, inWords(named)])).values()];
  if (names.length === 0) return;
  yield finding(brokerPowerGained, {
    ...about,
    message: `Lambda is not the only principal that can assume the function role of ${labelOf(broker)}: ${listOf(names, 3)} can assume the role too.`,
  });
}

const LAMBDA = 'Service lambda.amazonaws.com';

/** Other resources that run with the broker's role. */
function* ofRunning(brokers: readonly Broker[], { access }: ReviewContext): Iterable<ReviewFinding> {
  const own = new Set([...access.after.watched.values()].filter(isOwnFunction).map(({ place }) => place.address));
  for (const { place, to, names } of [...(access.runningRoles ?? []), ...(access.newRunningRoles ?? [])]) {
    if (own.has(place.address)) continue;
    const broker = brokers.find(
      ({ role }) =>
        to === role ||
        [...access.after.identities.values()].some(
          ({ arn, place: where }) =>
            arn.kind === 'known' && arn.value === role && where !== undefined && names.includes(where.address),
        ),
    );
    if (broker === undefined) continue;
    yield finding(brokerPowerGained, {
      place,
      severity: severityOf('role', broker),
      message: `${place.address} runs with the role of the function of ${labelOf(broker)}.`,
    });
  }
}

/** Whether a function has a broker's name, regardless of the function's role. */
function isOwnFunction(watched: Parameters<typeof isBrokerFunction>[0]): boolean {
  return isBrokerFunction({ ...watched, values: { ...watched.values, role: '' } });
}
