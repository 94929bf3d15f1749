/** A bank whose broker opens what customers, support, analysts and deployments need: what the attacks are tried on. */
import type { Requester, Subject } from '../../../lib/broker/identity';
import { type BrokeredRole, brokeredRoles } from '../../../lib/broker/rules';
import type { BrokerRules, Role } from '../../../lib/definitions/model';
import { anEnvironment, aParameter, aRole } from '../../support/environment';

const TABLE = 'arn:aws:dynamodb:eu-west-1:210987654321:table/bank-prod';

/** Rows whose partition key is one value, and nothing else. */
function rowsOf(key: string) {
  return {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [key] },
    Null: { 'dynamodb:LeadingKeys': ['false'] },
  };
}

function brokered(role: Partial<Role>, rules: Partial<BrokerRules>): Role {
  const broker = { humans: 0, windowSeconds: 1800, reviewer: 'decide', eligible: { agents: [], groups: [] }, ...rules };
  return aRole({
    gates: ['broker'],
    lease: { defaultSeconds: 300, maxSeconds: 900 },
    access: 'read',
    ...role,
    broker,
  } as Role);
}

const CUSTOMER = aParameter({
  name: 'customer',
  description: 'Customer',
  pattern: 'customer-[0-9]{1,10}',
  from: 'subject.sub',
});

const ROLES: readonly Role[] = [
  brokered(
    {
      name: 'own-transactions',
      purpose: 'Read the transactions of the signed-in customer.',
      parameters: [CUSTOMER],
      allow: [
        {
          actions: ['dynamodb:GetItem', 'dynamodb:Query'],
          resources: [`${TABLE}-transactions`],
          conditions: rowsOf('${param.customer}'),
        },
      ],
    },
    { eligible: { agents: ['assistant'], groups: [] } },
  ),
  brokered(
    {
      name: 'own-statements',
      purpose: 'Read the monthly statements of the signed-in customer.',
      parameters: [CUSTOMER],
      allow: [
        {
          actions: ['s3:GetObject'],
          resources: ['arn:aws:s3:::bank-prod-statements/${param.customer}/*'],
          conditions: {},
        },
      ],
    },
    { eligible: { agents: ['assistant'], groups: [] } },
  ),
  brokered(
    {
      name: 'support-read',
      purpose: 'Read one support request.',
      parameters: [
        aParameter({ name: 'ticket', description: 'Support request, for example T-1', pattern: 'T-[0-9]{1,8}' }),
      ],
      allow: [
        { actions: ['dynamodb:GetItem'], resources: [`${TABLE}-support`], conditions: rowsOf('${param.ticket}') },
      ],
    },
    { eligible: { agents: ['assistant'], groups: ['support'] } },
  ),
  brokered(
    {
      name: 'metrics-read',
      purpose: 'Read operational metrics.',
      lease: { defaultSeconds: 900, maxSeconds: 3600 },
      allow: [{ actions: ['cloudwatch:Get*', 'cloudwatch:ListMetrics'], resources: ['*'], conditions: {} }],
    },
    { reviewer: 'advise', eligible: { agents: ['assistant', 'deployer'], groups: ['analysts', 'support'] } },
  ),
  brokered(
    {
      name: 'agent-notes',
      purpose: 'Keep the notes of one agent.',
      access: 'write',
      parameters: [
        aParameter({ name: 'agent', description: 'Agent', pattern: '[a-z][a-z0-9-]{0,30}', from: 'requester.name' }),
      ],
      allow: [
        {
          actions: ['s3:GetObject', 's3:PutObject'],
          resources: ['arn:aws:s3:::bank-prod-notes/${param.agent}/*'],
          conditions: {},
        },
      ],
    },
    { eligible: { agents: ['assistant', 'deployer'], groups: [] } },
  ),
  brokered(
    {
      name: 'deploy-write',
      purpose: 'Upload the files of one release. No delete.',
      access: 'write',
      parameters: [
        aParameter({
          name: 'release',
          description: 'Release, for example 1.4.2',
          pattern: '[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}',
        }),
        aParameter({ name: 'stage', description: 'Where to', values: ['blue', 'green'] }),
      ],
      allow: [
        {
          actions: ['s3:PutObject'],
          resources: ['arn:aws:s3:::bank-prod-deploy/${param.stage}/${param.release}/*'],
          conditions: {},
        },
      ],
    },
    { humans: 1, reviewer: 'advise', eligible: { agents: ['deployer'], groups: [] } },
  ),
  brokered(
    {
      name: 'directory-write',
      purpose: 'Change an entry of the user directory.',
      access: 'write',
      parameters: [aParameter({ name: 'user', description: 'User', pattern: '[a-z]{1,30}' })],
      allow: [
        {
          actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
          resources: [`${TABLE}-directory`],
          conditions: rowsOf('${param.user}'),
        },
      ],
    },
    { humans: 2, eligible: { agents: [], groups: ['administrators'] } },
  ),
];

const BANK = anEnvironment({
  project: 'bank',
  name: 'prod',
  account: '210987654321',
  region: 'eu-west-1',
  production: true,
  roles: ROLES,
});

/** Every role that the bank's broker opens. */
export const BANK_ROLES: readonly BrokeredRole[] = brokeredRoles(BANK);

/** Who asks, by name. */
export const REQUESTERS: Readonly<Record<string, Requester>> = {
  assistant: agent('assistant'),
  deployer: agent('deployer'),
  sofia: person('sofia', ['support']),
  amir: person('amir', ['analysts']),
  ruth: person('ruth', ['administrators']),
};

/** What administrators wrote of them, as free text. */
export const POLICIES: Readonly<Record<string, string>> = {
  assistant: 'Serves the signed-in customer, and answers support requests. Never other customers.',
  deployer: 'Deploys releases that passed their tests. Reads metrics of what it deployed.',
  sofia: 'Answers the support requests that are assigned to her.',
  amir: 'Reads metrics. No data of customers.',
  ruth: 'Keeps the user directory.',
};

/** Customer 7 and the like, signed in. */
export function customer(sub: string): Subject {
  return { issuer: 'https://login.bank.example', sub, claims: {} };
}

function agent(name: string): Requester {
  return { kind: 'agent', name, key: `210987654321 user/agents/bank-prod-${name}`, groups: [] };
}

function person(name: string, groups: readonly string[]): Requester {
  return { kind: 'person', name, key: `210987654321 role/leasehold-people/bank-prod-requester/${name}`, groups };
}
