/**
 * Finds principals that gain control over a broker through the policy of its function, tables or key, or through a KMS
 * grant on its key.
 */
import { BROKER_POWERS, type BrokerPart } from '@leasehold/documents';
import { many } from '@leasehold/policy';
import { brokerNamed, consoleNamed } from '../brokers/broker-names';
import type { Broker } from '../brokers/brokers-of-plan';
import { whoInWords } from '../callers/callers-in-words';
import { whoCalls } from '../callers/entry';
import { canonical, statementsOf, versionOf } from '../diff/equal-values';
import { speaksOf } from '../diff/lost-denies';
import { type Entry, entriesOf } from '../diff/principals';
import type { ResourcePolicy, Watched } from '../model';
import type { ReviewFinding } from '../review';
import { listAt, show } from './attributes';
import { brokerPowerGained, labelOf, POWER, severityOf } from './broker-powers';
import { type Change, finding, listOf, type ReviewContext } from './finding';

/** Principals that the policy of one of a broker's resources newly permits. */
export function* byResourcePolicy(brokers: readonly Broker[], context: ReviewContext): Iterable<ReviewFinding> {
  for (const change of context.resourcePolicies) {
    for (const broker of brokers) {
      for (const part of partsOf(change, broker)) yield* letIn(change, part, broker, context);
    }
  }
  for (const change of context.watched) {
    for (const broker of brokers) yield* byGrant(change, broker);
  }
}

/** The broker's resources that a policy protects. */
function partsOf({ before, after }: Change<ResourcePolicy>, broker: Broker): readonly BrokerPart[] {
  const policy = after ?? before;
  if (policy === undefined) return [];
  const named = resourcesOf(policy);
  if (named.some((text) => text === broker.function || text.startsWith(`${broker.function}:`)))
    return ['function', 'code'];
  if (named.some((text) => text === broker.console || text.startsWith(`${broker.console}:`))) return ['console'];
  // The plan may show only the name of the function.
  const byName = named.some((text) => brokerNamed(text)?.stack === broker.stack && text.includes(':function:'));
  if (policy.type === 'aws_lambda_permission' && byName) return ['function', 'code'];
  const byConsole = broker.console !== undefined && named.some((text) => consoleNamed(text)?.stack === broker.stack);
  if (policy.type === 'aws_lambda_permission' && byConsole) return ['console'];
  if (named.some((text) => broker.tables.some((table) => text === table || text.startsWith(`${table}/`)))) {
    return ['records'];
  }
  return named.some((text) => broker.keys.includes(text)) ? ['key'] : [];
}

/** The protected resource, and the resources that the policy's statements name. */
function resourcesOf({ resource, policy }: ResourcePolicy): readonly string[] {
  const own = resource.kind === 'known' ? [resource.value] : [];
  if (policy.document.kind === 'unknown') return own;
  return [...own, ...statementsOf(policy.document.value).flatMap(({ Resource }) => many(Resource ?? []))];
}

function* letIn(
  { before, after }: Change<ResourcePolicy>,
  part: BrokerPart,
  broker: Broker,
  context: ReviewContext,
): Iterable<ReviewFinding> {
  const document = after?.policy.document;
  if (after === undefined || document?.kind !== 'known') return;
  const earlier = before?.policy.document;
  const known = new Set(
    earlier?.kind === 'known'
      ? statementsOf(earlier.value).map((statement) => canonical(statement, versionOf(earlier.value)))
      : [],
  );
  const fresh = entriesOf(document.value).filter(
    (entry) =>
      !known.has(canonical(entry.statement, versionOf(document.value))) &&
      powersIn(entry, part, broker).length > 0 &&
      isStranger(entry, after, broker, context),
  );
  if (fresh.length === 0) return;
  const who = [...new Set(fresh.map(({ named, statement }) => whoInWords(named, [statement])))];
  const actions = [...new Set(fresh.flatMap((entry) => powersIn(entry, part, broker)))];
  yield finding(brokerPowerGained, {
    place: after.policy.place,
    severity: severityOf(part, broker),
    message: `A resource policy of ${labelOf(broker)} gives ${listOf(who, 3)} control over the broker. These principals could now ${POWER[part].words} (${listOf(actions, 3)}).`,
  });
}

/** The powerful calls that a statement allows to a principal. */
function powersIn({ named, statement }: Entry, part: BrokerPart, broker: Broker): readonly string[] {
  const calls = BROKER_POWERS[part].filter((action) => speaksOf([statement], action));
  const isAccount = named.kind === 'AWS' && named.value === broker.account;
  // The key policy delegates to the account. The policies in the account then decide who may use the key.
  return part === 'key' && isAccount ? calls.filter((action) => action !== 'kms:PutKeyPolicy') : calls;
}

/**
 * Whether the principal is a stranger: neither the function's role nor a service that calls only for a resource in the
 * same account.
 */
function isStranger(entry: Entry, after: ResourcePolicy, broker: Broker, context: ReviewContext): boolean {
  const { document } = after.policy;
  if (entry.named.value === broker.role || document.kind === 'unknown') return false;
  const callers = whoCalls(entry, document.value, context.accounts, context);
  if (callers.kind === 'nobody') return false;
  return entry.named.kind !== 'Service' || callers.kind === 'strangers' || callers.accounts.length > 0;
}

/** Findings for a KMS grant on the broker's key. */
function* byGrant({ before, after }: Change<Watched>, broker: Broker): Iterable<ReviewFinding> {
  if (after?.type !== 'aws_kms_grant') return;
  const { key_id: key, grantee_principal: grantee } = after.values;
  if (typeof key !== 'string' || !broker.keys.some((arn) => arn === key || arn.endsWith(`:key/${key}`))) return;
  const had = new Set(listAt(before?.values, 'operations'));
  const operations = listAt(after.values, 'operations').filter(
    (each) => each === 'GenerateMac' || each === 'CreateGrant',
  );
  const same = before?.values.grantee_principal === grantee && operations.every((each) => had.has(each));
  if (operations.length === 0 || same) return;
  yield finding(brokerPowerGained, {
    place: after.place,
    severity: severityOf('key', broker),
    message: `A grant of the key of ${labelOf(broker)} lets ${show(grantee)} gain power over it: they could now ${POWER.key.words} (${operations.map(show).join(', ')}).`,
  });
}
