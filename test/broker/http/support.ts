/** A broker over HTTP in memory: people, agents, roles of a small bank, and calls as API Gateway makes them. */

import { createHandler } from '@leasehold/broker/http';
import { defined } from '@leasehold/contract/defined';
import type { Operation } from '@leasehold/contract/routes';
import { ROUTES } from '@leasehold/contract/routes';
import type { ApiEvent } from '../../../lib/broker/http/event';
import type { Ports } from '../../../lib/broker/service/deps';
import type { Broker, BrokerRules, Environment, Principal } from '../../../lib/definitions/model';
import { anAgent, anEnvironment, aParameter, aReleaseRole, aRole } from '../../support/environment';
import { World } from '../memory';

const nowhere = () => ({ file: 'roles/test.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 });

export const AGENT_ARN = 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent';
/** A person in one of the roles of people. */
export function personArn(kind: 'requester' | 'approver' | 'administrator', name: string): string {
  return `arn:aws:sts::123456789012:assumed-role/hermes-dev-${kind}/${name}`;
}

export function aBroker(overrides: Partial<Broker> = {}): Broker {
  return {
    budgets: { requests: { limit: 60, windowSeconds: 3600 }, denials: { limit: 3, windowSeconds: 3600 } },
    subjects: [],
    locate: nowhere,
    ...overrides,
  };
}

export function aPerson(name: string, overrides: Partial<Principal> = {}): Principal {
  return {
    kind: 'person',
    name,
    groups: [],
    administrator: false,
    userArn: `arn:aws:iam::123456789012:user/${name}`,
    policy: '',
    locate: nowhere,
    ...overrides,
  };
}

export function rules(overrides: Partial<BrokerRules> = {}): BrokerRules {
  return {
    humans: 0,
    windowSeconds: 1800,
    reviewer: 'off',
    eligible: { agents: ['agent'], groups: [] },
    ...overrides,
  };
}

/**
 * `log-read` asks nobody, `s3-deploy` two humans, `profile` is bound to the subject, `ops-read` is for people of `ops`, and
 * `quick` lasts a minute.
 */
export function aBank(overrides: Partial<Environment> = {}): Environment {
  const brokered = { gates: ['broker'] as const, lease: { defaultSeconds: 900, maxSeconds: 1800 } };
  const read = (bucket: string) => [
    { actions: ['s3:GetObject'], resources: [`arn:aws:s3:::hermes-dev-${bucket}/*`], conditions: {} },
  ];
  return anEnvironment({
    approvers: ['lead', 'oncall', 'third'],
    agents: [anAgent()],
    broker: aBroker(),
    principals: [
      aPerson('alice', { groups: ['ops'] }),
      aPerson('lead', { groups: ['ops'] }),
      aPerson('root', { administrator: true }),
    ],
    roles: [
      aRole({ ...brokered, name: 'log-read', access: 'read', allow: read('logs'), broker: rules() }),
      aRole({
        ...brokered,
        name: 'ops-read',
        access: 'read',
        allow: read('ops'),
        broker: rules({ humans: 1, eligible: { agents: [], groups: ['ops'] } }),
      }),
      aRole({
        ...brokered,
        name: 'profile',
        access: 'read',
        parameters: [
          aParameter({
            name: 'customer',
            description: 'The customer',
            pattern: '[a-z0-9-]{1,40}',
            from: 'subject.sub',
          }),
        ],
        allow: [
          {
            actions: ['dynamodb:Query'],
            resources: ['arn:aws:dynamodb:ap-northeast-2:123456789012:table/hermes-dev-transactions'],
            conditions: {
              'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${param.customer}'] },
              Null: { 'dynamodb:LeadingKeys': ['false'] },
            },
          },
        ],
        broker: rules(),
      }),
      aRole({
        ...brokered,
        name: 'quick',
        access: 'read',
        allow: read('quick'),
        lease: { defaultSeconds: 60, maxSeconds: 60 },
        broker: rules(),
      }),
      aReleaseRole({ ...brokered, broker: rules({ humans: 2 }) }),
    ],
    ...overrides,
  });
}

/** What an answer was. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever came.
  readonly body: any;
  readonly headers: Readonly<Record<string, string>>;
}

export interface CallOptions {
  readonly as?: string;
  readonly body?: unknown;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A broker, the world that it works on, and calls to it. */
export function aBrokerOver(
  environment: Environment = aBank(),
  ports: Partial<Ports> = {},
  world: World = new World(),
) {
  const handler = createHandler(world.ports(ports), environment);
  const call = async (operation: Operation, options: CallOptions = {}): Promise<Answer> => {
    const { statusCode, body, headers } = await handler(eventOf(operation, options));
    return { status: statusCode, body: JSON.parse(body), headers };
  };
  return { world, handler, call, sweep: () => handler({ source: 'leasehold.sweep' }) };
}

export function eventOf(operation: Operation, options: CallOptions = {}): ApiEvent {
  const { as = AGENT_ARN, body, path, query = '', headers = {} } = options;
  const { method, path: route } = ROUTES[operation];
  return {
    version: '2.0',
    routeKey: `${method} ${route}`,
    rawQueryString: query,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...defined({ pathParameters: path }),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    requestContext: { authorizer: { iam: { userArn: as, accountId: '123456789012' } } },
  };
}

export const REASON = 'Look for the failed deployment of last night';
