/** Verifies the pipe and the event bus for lease outcomes, and the broker's EventBridge rules. */
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@leasehold/definitions';
import {
  alertTopicArn,
  brokerBusArn,
  brokerBusName,
  brokerFunctionArn,
  eventsTableName,
  GROUPS_GIVEN,
  groupsGivenRuleName,
  hasPasskeys,
  KEYS_CHANGED,
  keysChangedRuleName,
  OUTCOME_FILTERS,
  OUTCOME_SOURCE,
  OUTCOME_TEMPLATE,
  OUTCOME_TYPE,
  outcomesPipeName,
  outcomesRoleArn,
  RECORD_CHANGED,
  recordChangedRuleName,
  recordKeyRuleName,
  SWEEP_EVENT,
  SWEEP_SCHEDULE,
  sweepRuleName,
} from '@leasehold/documents';
import { type DeployedRule, ruleFaults } from '../account/rules';
import type { CallOutput } from '../aws/aws';
import { jsonIn } from '../live/decode';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { recordKeyId } from './record-key';

export const brokerOutcomes: AccountVerification = {
  id: 'broker-outcomes',
  part: 'broker',
  severity: 'high',
  title: 'The pipe runs from the stream of the records to the bus of the broker',
  why: 'The events on the bus inform approvers that a lease is waiting for approval, and report changes to records.',
  applies: ({ broker }) => broker !== undefined,
  verify: async ({ environment, live }) => {
    const damage = (place: string, message: string): Damage => ({
      kind: 'damage',
      place,
      message,
      hint: 'Apply the stack again, then start the pipe.',
    });
    const name = outcomesPipeName(environment);
    const [pipe, bus, table] = await Promise.all([
      live.aws.find('pipes', 'DescribePipe', { Name: name }),
      live.aws.find('events', 'DescribeEventBus', { Name: brokerBusName(environment) }),
      live.aws.find('dynamodb', 'DescribeTable', { TableName: eventsTableName(environment) }),
    ]);
    const place = `pipe ${name}`;
    const busPlace = `bus ${brokerBusName(environment)}`;
    const busFaults = [
      ...(bus === undefined ? [damage(busPlace, 'The bus does not exist.')] : []),
      ...(bus?.Policy
        ? [
            damage(
              busPlace,
              'The bus has a policy, so other principals may be able to send events about outcomes that never happened.',
            ),
          ]
        : []),
    ];
    if (bus !== undefined) present(bus.Name, 'Name', 'events:DescribeEventBus');
    if (pipe === undefined) return [...busFaults, damage(place, 'The pipe does not exist.')];
    // The verification `broker-tables` reports a table without a stream.
    const stream = table?.Table?.LatestStreamArn;
    return [
      ...busFaults,
      ...(pipe.CurrentState === 'RUNNING' ? [] : [damage(place, `The pipe is in the state ${pipe.CurrentState}.`)]),
      ...(stream === undefined || pipe.Source === stream ? [] : [damage(place, `The pipe reads from ${pipe.Source}.`)]),
      ...(pipe.Target === brokerBusArn(environment) ? [] : [damage(place, `The pipe sends to ${pipe.Target}.`)]),
      ...(pipe.RoleArn === outcomesRoleArn(environment) ? [] : [damage(place, `The pipe runs as ${pipe.RoleArn}.`)]),
      ...(pipe.Enrichment
        ? [damage(place, 'The pipe first sends the outcomes to an enrichment target that Leasehold did not deploy.')]
        : []),
      ...(readsAsDeployed(pipe)
        ? []
        : [damage(place, 'The source settings of the pipe differ from the settings that Leasehold deployed.')]),
      ...(sendsAsDeployed(pipe)
        ? []
        : [damage(place, 'The target settings of the pipe differ from the settings that Leasehold deployed.')]),
    ];
  },
};

type Pipe = CallOutput<'pipes', 'DescribePipe'>;

/** Whether the pipe reads the stream from its start and uses the deployed filter patterns. */
function readsAsDeployed({ SourceParameters }: Pipe): boolean {
  const { FilterCriteria, DynamoDBStreamParameters: stream } = present(
    SourceParameters,
    'SourceParameters',
    'pipes:DescribePipe',
  );
  const patterns = (FilterCriteria?.Filters ?? []).map(({ Pattern }) => jsonIn(Pattern));
  return (
    patterns.length === OUTCOME_FILTERS.length &&
    OUTCOME_FILTERS.every((deployed) => patterns.some((pattern) => isDeepStrictEqual(pattern, deployed))) &&
    stream?.StartingPosition === 'TRIM_HORIZON' &&
    // Without these limits, the pipe retries a record until the record expires.
    (stream.MaximumRecordAgeInSeconds ?? -1) === -1 &&
    (stream.MaximumRetryAttempts ?? -1) === -1
  );
}

function sendsAsDeployed({ TargetParameters }: Pipe): boolean {
  const { InputTemplate, EventBridgeEventBusParameters: bus } = present(
    TargetParameters,
    'TargetParameters',
    'pipes:DescribePipe',
  );
  return InputTemplate === OUTCOME_TEMPLATE && bus?.Source === OUTCOME_SOURCE && bus.DetailType === OUTCOME_TYPE;
}

export const brokerRules: AccountVerification = {
  id: 'broker-rules',
  part: 'broker',
  severity: 'high',
  title: "The broker's schedule and the EventBridge rules that watch its records are enabled",
  why: 'The schedule removes the denials for leases that have ended. The rules notify people if records or the key are changed, or if groups are added.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) =>
    observeEach(
      await deployedRules(context),
      ({ name }) => `rule ${name}`,
      (rule) => ruleFaults(context, rule),
    ),
};

async function deployedRules(context: AccountContext): Promise<readonly DeployedRule[]> {
  const { environment } = context;
  const { region } = environment;
  const sweep: DeployedRule = {
    name: sweepRuleName(environment),
    region,
    schedule: SWEEP_SCHEDULE,
    states: ['ENABLED'],
    target: brokerFunctionArn(environment),
    input: JSON.stringify(SWEEP_EVENT),
  };
  return environment.alerts === undefined ? [sweep] : [sweep, ...(await alertingRules(environment, context))];
}

async function alertingRules(environment: Environment, context: AccountContext): Promise<readonly DeployedRule[]> {
  const { region, partition, account } = environment;
  const id = await recordKeyId(context);
  const rule = { region, states: ['ENABLED'], target: alertTopicArn(environment, region) };
  const bus = brokerBusName(environment);
  const keyArn = `arn:${partition}:kms:${region}:${account}:key/${id}`;
  return [
    { ...rule, bus, name: recordChangedRuleName(environment), pattern: RECORD_CHANGED },
    { ...rule, bus, name: groupsGivenRuleName(environment), pattern: GROUPS_GIVEN },
    ...(hasPasskeys(environment)
      ? [{ ...rule, bus, name: keysChangedRuleName(environment), pattern: KEYS_CHANGED }]
      : []),
    {
      ...rule,
      name: recordKeyRuleName(environment),
      pattern: {
        'detail-type': ['AWS API Call via CloudTrail'],
        source: ['aws.kms'],
        detail: { requestParameters: { keyId: [id, keyArn] } },
      },
      ...(id === undefined ? { unknownPattern: 'the alias of the key of the records does not exist' } : {}),
    },
  ];
}
