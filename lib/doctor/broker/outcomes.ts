/** The pipe and the bus of lease outcomes, and the broker's rules. */
import type { Environment } from '@leasehold/definitions';
import {
  alertTopicArn,
  brokerBusArn,
  brokerBusName,
  brokerFunctionArn,
  eventsTableName,
  GROUPS_GIVEN,
  groupsGivenRuleName,
  outcomesPipeName,
  outcomesRoleArn,
  RECORD_CHANGED,
  recordChangedRuleName,
  recordKeyRuleName,
  SWEEP_EVENT,
  tableArn,
  watchName,
} from '@leasehold/documents';
import { type DeployedRule, ruleFaults } from '../account/rules';
import { observeEach } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { recordKeyId } from './record-key';

export const brokerOutcomes: AccountVerification = {
  id: 'broker-outcomes',
  part: 'broker',
  severity: 'high',
  title: 'The pipe runs from the stream of the records to the bus of the broker',
  why: 'Approvers are notified of waiting leases by these events, and people of records that somebody changed.',
  applies: ({ broker }) => broker !== undefined,
  verify: async ({ environment, live }) => {
    const damage = (place: string, message: string): Damage => ({
      kind: 'damage',
      place,
      message,
      hint: 'Apply the stack again, then start the pipe.',
    });
    const name = outcomesPipeName(environment);
    const [pipe, bus] = await Promise.all([
      live.aws.find('pipes', 'DescribePipe', { Name: name }),
      live.aws.find('events', 'DescribeEventBus', { Name: brokerBusName(environment) }),
    ]);
    const place = `pipe ${name}`;
    const missingBus =
      bus === undefined ? [damage(`bus ${brokerBusName(environment)}`, 'The bus does not exist.')] : [];
    if (pipe === undefined) return [...missingBus, damage(place, 'The pipe does not exist.')];
    const stream = `${tableArn(eventsTableName(environment), environment)}/stream/`;
    return [
      ...missingBus,
      ...(pipe.CurrentState === 'RUNNING' ? [] : [damage(place, `The pipe is in the state ${pipe.CurrentState}.`)]),
      ...(pipe.Source?.startsWith(stream) ? [] : [damage(place, `The pipe reads from ${pipe.Source}.`)]),
      ...(pipe.Target === brokerBusArn(environment) ? [] : [damage(place, `The pipe sends to ${pipe.Target}.`)]),
      ...(pipe.RoleArn === outcomesRoleArn(environment) ? [] : [damage(place, `The pipe runs as ${pipe.RoleArn}.`)]),
      ...(pipe.Enrichment ? [damage(place, 'The pipe passes the outcomes to another function first.')] : []),
    ];
  },
};

export const brokerRules: AccountVerification = {
  id: 'broker-rules',
  part: 'broker',
  severity: 'high',
  title: "The broker's schedule and the rules about its records are enabled",
  why: 'The schedule removes the denies of leases that have ended. The rules tell people of changed records, added groups and a changed key.',
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
    name: `${watchName(environment)}-sweep`,
    region,
    schedule: 'rate(1 minute)',
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
    // Without the key there is nothing to compare with; `broker-record-key` reports it.
    ...(id === undefined
      ? []
      : [
          {
            ...rule,
            name: recordKeyRuleName(environment),
            pattern: {
              'detail-type': ['AWS API Call via CloudTrail'],
              source: ['aws.kms'],
              detail: { requestParameters: { keyId: [id, keyArn] } },
            },
          },
        ]),
  ];
}
