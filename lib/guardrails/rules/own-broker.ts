import type { Environment } from '@leasehold/definitions';
import {
  anyKeyArn,
  BROKER_POWERS,
  brokerAlarmArns,
  brokerApiArn,
  brokerBusName,
  brokerName,
  consoleFunctionArn,
  consoleLogGroup,
  eventsTableName,
  hasConsole,
  outcomesPipeArn,
  projectionsTableName,
  recordKeyAlias,
  reviewerSecretName,
  sweepRuleName,
  tableArn,
} from '@leasehold/documents';
import { type ActionInfo, escalation, hasWildcard } from '@leasehold/policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { changes, oncePerEnvironment, reached, type Target, target } from '../targets';

/** No role may access the broker. */
export const ownBroker: RoleGuardrail = {
  id: 'own-broker',
  title:
    "No role can access the broker's function, console, tables, key, secret, bus, rules, pipe, schedule, alarms, API or user pool",
  severity: 'error',
  page: pageOf('own-broker'),
  unwaivable: 'anyone who can change the broker or its records can open every role',
  over: 'role',
  *check({ role, environment, catalogue }) {
    yield* reached(role, targetsOf(environment), catalogue);
  },
};

const targetsOf = oncePerEnvironment((environment) => (environment.broker === undefined ? [] : brokerOf(environment)));

/**
 * Roles must not read records or secrets either: records contain texts from agents, and the secret contains the
 * reviewer's API key.
 */
function brokerOf(environment: Environment): readonly Target[] {
  const { partition, region, account } = environment;
  const own = (service: string, resource: string) => `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const name = brokerName(environment);
  const all = () => true;
  const table = (arn: string, what: string) => [target(arn, what, all), target(`${arn}/*`, what, all)];
  const secret = own('secretsmanager', `secret:${reviewerSecretName(environment)}-*`);
  return [
    { ...target(anyKeyArn(environment), RECORD_KEY, givesOrTakesKey), means: isPattern },
    target(own('kms', recordKeyAlias(environment)), RECORD_KEY, changes),
    ...table(tableArn(eventsTableName(environment), environment), 'the events of all leases'),
    ...table(tableArn(projectionsTableName(environment), environment), "the broker's principals and budgets"),
    target(secret, "the reviewer's key", all),
    target(own('lambda', `function:${name}`), "the broker's function", all),
    target(own('lambda', `function:${name}:*`), "the broker's function", all),
    ...(hasConsole(environment) ? consoleOf(environment, own) : []),
    target(own('logs', `log-group:/aws/lambda/${name}`), "the broker's log", changes),
    target(own('logs', `log-group:/aws/lambda/${name}:*`), "the broker's log", changes),
    target(own('events', `event-bus/${brokerBusName(environment)}`), "the broker's bus", changes),
    target(own('events', `rule/${brokerBusName(environment)}/*`), "the rules on the broker's bus", changes),
    target(own('events', `rule/${sweepRuleName(environment)}`), "the broker's schedule", changes),
    target(outcomesPipeArn(environment), "the pipe of the broker's outcomes", changes),
    ...brokerAlarmArns(environment).map((arn) => target(arn, "the broker's alarms", changes)),
    target(brokerApiArn(environment, '*'), "the broker's API", all),
    ...poolsOf(environment),
  ];
}

/**
 * The function that serves the console: anyone who can change it determines what people see when they sign an approval.
 */
function consoleOf(environment: Environment, own: (service: string, resource: string) => string): readonly Target[] {
  const arn = consoleFunctionArn(environment);
  const log = own('logs', `log-group:${consoleLogGroup(environment)}`);
  return [
    target(arn, "the console's function", changes),
    target(`${arn}:*`, "the console's function", changes),
    target(log, "the console's log", changes),
    target(`${log}:*`, "the console's log", changes),
  ];
}

/** The user pools whose tokens the broker accepts. */
function poolsOf({ broker, partition, region, account }: Environment): readonly Target[] {
  const { people, subjects = [] } = broker ?? {};
  const pool = `arn:${partition}:cognito-idp:${region}:${account}:userpool/*`;
  return [
    ...(people?.signIn.type === 'cognito'
      ? [
          { ...target(pool, SIGN_IN_POOL, changes), means: isPoolPattern },
          // AWS generates the id of the user pool, so resources cannot be compared with it.
          {
            ...target(pool, `${SIGN_IN_POOL}, if this is its id`, takesOver),
            means: (text: string) => !isPoolPattern(text),
          },
        ]
      : []),
    ...(people?.signIn.type === 'oidc' ? poolOf(people.signIn.issuer, SIGN_IN_POOL) : []),
    ...subjects.flatMap(({ issuer }) => poolOf(issuer, 'the user pool whose tokens prove for whom a lease is')),
  ];

  function poolOf(issuer: string, what: string): readonly Target[] {
    const [, at, id] = POOL_ISSUER.exec(issuer) ?? [];
    // The user pool may be in another account.
    return id === undefined ? [] : [target(`arn:${partition}:cognito-idp:${at}:*:userpool/${id}`, what, changes)];
  }
}

const SIGN_IN_POOL = 'the user pool in which people sign in';

/** The issuer of a user pool's tokens ends with the pool's id. */
const POOL_ISSUER = /^https:\/\/cognito-idp\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^/]+)$/;

/** Whether an action can add, change or impersonate users of a user pool. */
function takesOver({ id }: ActionInfo): boolean {
  return escalation(id) !== undefined;
}

const RECORD_KEY = 'the key that authenticates records';

/**
 * Whether an action generates MACs, permits others to generate MACs, or disables, deletes or replaces the broker's key.
 */
function givesOrTakesKey({ id }: ActionInfo): boolean {
  return KEY_ACTIONS.has(id);
}

const KEY_ACTIONS: ReadonlySet<string> = new Set([
  ...BROKER_POWERS.key,
  'kms:DisableKey',
  'kms:ScheduleKeyDeletion',
  'kms:UpdateAlias',
]);

/** Whether a resource is a pattern instead of a single user pool. */
function isPoolPattern(text: string): boolean {
  return hasWildcard(text.split(':userpool/').at(-1) ?? text) || text.includes('${');
}

/**
 * Whether the text is a pattern. AWS generates the id of the broker's key, so an exact key id in a role must be another
 * key.
 */
function isPattern(text: string): boolean {
  return hasWildcard(text.split(':key/').at(-1) ?? text) || text.includes('${');
}
