import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alertRegions, alertRules } from '@leasehold/documents';
import type { Alerts, Environment } from '../../lib/definitions/model';
import { anAgent, anEnvironment, aRole, IDENTITIES } from '../support/environment';
import { type Json, matchesEvent } from '../support/event-pattern';

interface Case {
  readonly name: string;
  /** Names of the rules that this event must set off, and no others. */
  readonly raises: readonly string[];
  readonly event: { readonly region: string; readonly [field: string]: Json };
}

const alerts: Alerts = { emails: ['security@example.com'], trail: 'create', hours: { from: 1, to: 18 } };
const environment = anEnvironment({
  alerts,
  agents: [
    anAgent(),
    anAgent({ name: 'tools', identity: IDENTITIES['existing-role'] }),
    anAgent({ name: 'worker', identity: { type: 'ec2' } }),
  ],
});

const folder = join(__dirname, 'cases', 'alerts');
for (const file of readdirSync(folder).sort()) {
  describe(`alert ${file.replace('.json', '')}`, () => {
    const cases: readonly Case[] = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    it.each(cases)('$name', ({ raises, event }) => {
      expect(raised(environment, alerts, event)).toEqual(raises);
    });
  });
}

describe('alert rules', () => {
  it('are set off for a lone agent whose base is an IAM user', () => {
    const alone = anEnvironment({ alerts });
    const event = agentEvent('arn:aws:iam::123456789012:user/agents/hermes-dev-agent');
    expect(raised(alone, alerts, event)).toEqual(['probing']);
  });

  it('stand in the environment’s region and in the one of IAM’s events', () => {
    expect(alertRegions(environment)).toEqual(['ap-northeast-2', 'us-east-1']);
    expect(alertRegions(anEnvironment({ region: 'us-east-1' }))).toEqual(['us-east-1']);
    expect(alertRegions(anEnvironment({ partition: 'aws-cn', region: 'cn-northwest-1' }))).toEqual([
      'cn-northwest-1',
      'cn-north-1',
    ]);
    expect(alertRegions(anEnvironment({ partition: 'aws-us-gov', region: 'us-gov-east-1' }))).toEqual([
      'us-gov-east-1',
      'us-gov-west-1',
    ]);
  });

  it('watch changes only where IAM’s events arrive', () => {
    const names = (region: string) => alertRules(environment, alerts, region).map(({ name }) => name);
    expect(names('ap-northeast-2')).toEqual(['failed-ask', 'out-of-hours', 'probing', 'tampering']);
    expect(names('us-east-1')).toEqual(['failed-ask', 'out-of-hours', 'probing', 'change', 'tampering']);
  });

  it('watch a trail that existed before, by name and by ARN', () => {
    const arn = 'arn:aws:cloudtrail:us-west-2:123456789012:trail/audit';
    const existing: Alerts = { ...alerts, trail: { arn } };
    for (const name of ['audit', arn]) {
      const event = {
        region: 'ap-northeast-2',
        'detail-type': 'AWS API Call via CloudTrail',
        source: 'aws.cloudtrail',
        detail: { eventName: 'StopLogging', requestParameters: { name } },
      };
      expect(raised(environment, existing, event)).toEqual(['tampering']);
      expect(raised(environment, alerts, event)).toEqual([]);
    }
  });

  it.each([
    [{ from: 22, to: 6 }, [6, 21], [22, 23, 0, 5]],
    [{ from: 9, to: 17 }, [0, 8, 17, 23], [9, 16]],
  ] as const)('take working hours %j', (hours, outside, inside) => {
    const at = (hour: number) => {
      const event = {
        region: 'ap-northeast-2',
        'detail-type': 'AWS API Call via CloudTrail',
        source: 'aws.sts',
        detail: {
          eventSource: 'sts.amazonaws.com',
          eventName: 'AssumeRole',
          eventTime: `2026-11-23T${String(hour).padStart(2, '0')}:30:00Z`,
          requestParameters: { roleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy' },
        },
      };
      return raised(environment, { ...alerts, hours }, event);
    };
    expect(outside.map(at)).toEqual(outside.map(() => ['out-of-hours']));
    expect(inside.map(at)).toEqual(inside.map(() => []));
  });

  it('have no rule for hours when any hour is fine', () => {
    const { hours: _, ...always } = alerts;
    for (const setting of [always, { ...alerts, hours: { from: 0, to: 24 } }]) {
      expect(alertRules(environment, setting, 'us-east-1').map(({ name }) => name)).not.toContain('out-of-hours');
    }
  });

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html: 2,048 characters by default.
  it('stay within the size of an event pattern for a hundred agents and five hundred roles', () => {
    const agents = Array.from({ length: 100 }, (_, index) => anAgent({ name: `agent-with-a-long-name-${index}` }));
    const roles = Array.from({ length: 500 }, (_, index) => aRole({ name: `role-${index}` }));
    const large = anEnvironment({ project: 'a-project-with-a-name', name: 'staging', agents, roles, alerts });
    for (const region of alertRegions(large)) {
      for (const { pattern } of alertRules(large, alerts, region)) {
        expect(JSON.stringify(pattern).length).toBeLessThanOrEqual(2048);
      }
    }
  });

  it.each(Object.values(IDENTITIES))('are valid with an agent of type $type alone', (identity) => {
    const only = anEnvironment({ alerts, agents: [anAgent({ identity })] });
    for (const region of alertRegions(only)) {
      for (const { pattern } of alertRules(only, alerts, region)) expect(faults(pattern)).toEqual([]);
    }
  });
});

function raised(where: Environment, settings: Alerts, event: Case['event']): readonly string[] {
  return alertRules(where, settings, event.region)
    .filter(({ pattern }) => matchesEvent(pattern, event))
    .map(({ name }) => name);
}

function agentEvent(arn: string): Case['event'] {
  return {
    region: 'ap-northeast-2',
    'detail-type': 'AWS API Call via CloudTrail',
    source: 'aws.s3',
    detail: { eventSource: 's3.amazonaws.com', eventName: 'ListBuckets', userIdentity: { type: 'IAMUser', arn } },
  };
}

/** What EventBridge would refuse, or read otherwise than it is meant. */
function faults(pattern: object, path = ''): readonly string[] {
  return Object.entries(pattern).flatMap(([field, value]) => {
    const here = `${path}/${field}`;
    if (!Array.isArray(value)) return faults(value, here);
    if (value.length === 0) return [`${here} is empty`];
    if (field !== '$or') return [];
    return value.length < 2 ? [`${here} has one option`] : value.flatMap((option) => faults(option, here));
  });
}
