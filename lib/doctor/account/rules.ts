/** EventBridge rules as they are deployed. */
import { isDeepStrictEqual } from 'node:util';
import type { AccountContext, Damage } from '../verification';

export interface DeployedRule {
  readonly name: string;
  readonly region: string;
  /** @default the default bus */
  readonly bus?: string;
  /** `undefined` for a rule with a schedule. */
  readonly pattern?: object;
  readonly schedule?: string;
  /** The states in which it works. */
  readonly states: readonly string[];
  /** ARN of the target. */
  readonly target: string;
  /** The input that the target gets. @default the event */
  readonly input?: string;
}

/** What is wrong with a rule. @throws Unread */
export async function ruleFaults({ live }: AccountContext, rule: DeployedRule): Promise<readonly Damage[]> {
  const { name, region, bus, states, target } = rule;
  const place = `rule ${bus === undefined ? '' : `${bus}/`}${name} in ${region}`;
  const damage = (message: string): Damage => ({ kind: 'damage', place, message, hint: 'Apply the stack again.' });
  const on = bus === undefined ? {} : { EventBusName: bus };
  const found = await live.aws.find('events', 'DescribeRule', { Name: name, ...on }, region);
  if (found === undefined) return [damage('The rule does not exist.')];
  const pages = await live.aws.all('events', 'ListTargetsByRule', { Rule: name, ...on }, region);
  const targets = pages.flatMap(({ Targets = [] }) => Targets);
  const notified = targets.find(({ Arn }) => Arn === target);
  const matches =
    rule.pattern === undefined
      ? found.ScheduleExpression === rule.schedule
      : isDeepStrictEqual(jsonOf(found.EventPattern), JSON.parse(JSON.stringify(rule.pattern)));
  const transformed =
    notified !== undefined && (notified.InputPath !== undefined || notified.InputTransformer !== undefined);
  return [
    ...(states.includes(found.State ?? '') ? [] : [damage(`The rule has the state ${found.State ?? 'unknown'}.`)]),
    ...(matches
      ? []
      : [
          damage(
            rule.pattern
              ? 'The rule matches other events than deployed.'
              : 'The rule has another schedule than deployed.',
          ),
        ]),
    ...(notified === undefined ? [damage(`The rule does not notify ${target}.`)] : []),
    ...(notified !== undefined && (transformed || notified.Input !== rule.input)
      ? [damage(`The rule sends something other than deployed to ${target}.`)]
      : []),
  ];
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return undefined;
  }
}
