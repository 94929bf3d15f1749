/** Compares live EventBridge rules with the deployed rules. */
import { isDeepStrictEqual } from 'node:util';
import { jsonIn } from '../live/decode';
import type { AccountContext, Damage, Observation } from '../verification';

export interface DeployedRule {
  readonly name: string;
  readonly region: string;
  /** Name of the event bus. @default the default bus */
  readonly bus?: string;
  /** The event pattern; `undefined` for a rule with a schedule. */
  readonly pattern?: object;
  /** The reason why the expected event pattern is unknown. The other properties of the rule are verified. */
  readonly unknownPattern?: string;
  readonly schedule?: string;
  /** The states in which the rule works. */
  readonly states: readonly string[];
  /** ARN of the target. */
  readonly target: string;
  /** The constant input that the rule sends to the target. @default the rule sends the event */
  readonly input?: string;
}

/** The differences between a live rule and the deployed rule. @throws Unread */
export async function ruleFaults({ live }: AccountContext, rule: DeployedRule): Promise<readonly Observation[]> {
  const { name, region, bus, states, target } = rule;
  const place = `rule ${bus === undefined ? '' : `${bus}/`}${name} in ${region}`;
  const damage = (message: string): Damage => ({ kind: 'damage', place, message, hint: 'Apply the stack again.' });
  const on = bus === undefined ? {} : { EventBusName: bus };
  const found = await live.aws.find('events', 'DescribeRule', { Name: name, ...on }, region);
  if (found === undefined) return [damage('The rule does not exist.')];
  const targets = await live.aws.list('Targets', 'events', 'ListTargetsByRule', { Rule: name, ...on }, region);
  const notified = targets.find(({ Arn }) => Arn === target);
  const matches =
    rule.unknownPattern !== undefined ||
    (rule.pattern === undefined
      ? found.ScheduleExpression === rule.schedule
      : isDeepStrictEqual(jsonIn(found.EventPattern), JSON.parse(JSON.stringify(rule.pattern))));
  const transformed =
    notified !== undefined && (notified.InputPath !== undefined || notified.InputTransformer !== undefined);
  return [
    ...(rule.unknownPattern === undefined
      ? []
      : [
          {
            kind: 'unchecked' as const,
            place,
            why: rule.unknownPattern,
            hint: 'Apply the stack again, then run the doctor again.',
          },
        ]),
    ...(states.includes(found.State ?? '') ? [] : [damage(`The rule has the state ${found.State ?? 'unknown'}.`)]),
    ...(matches
      ? []
      : [
          damage(
            rule.pattern
              ? 'The event pattern of the rule differs from the pattern that Leasehold deployed.'
              : 'The schedule of the rule differs from the schedule that Leasehold deployed.',
          ),
        ]),
    ...(notified === undefined ? [damage(`The rule does not notify ${target}.`)] : []),
    ...(notified !== undefined && (transformed || notified.Input !== rule.input)
      ? [damage(`The message that the rule sends to ${target} differs from the message that Leasehold deployed.`)]
      : []),
  ];
}
