/** The guardrails over a broker as the loader makes it: a shop whose customers reach their own orders. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';

const today = '2026-11-22';

const FILES = {
  'project.yaml': `kind: Project
name: shop
environments:
  dev: { account: "123456789012", region: eu-west-1, variables: { pool: eu-west-1_AbCdEfGhI } }
  prod: { account: "210987654321", region: eu-west-1, variables: { pool: eu-west-1_JkLmNoPqR } }
agents:
  support: { identity: { type: lambda } }
  pipeline: { identity: { type: github-oidc, repository: acme/shop, subject: environment:prod } }
approvers: [lead, oncall, alice]
`,
  'broker.yaml': `kind: Broker
reviewer: { provider: bedrock, model: amazon.nova-pro-v1:0 }
subjects:
  - issuer: https://cognito-idp.\${env.region}.amazonaws.com/\${var.pool}
    audiences: [app]
    tokenUse: access
environments:
  dev: { reviewer: { provider: openai, model: llama3.1, endpoint: "http://localhost:11434/v1", key: false } }
`,
  'people.yaml': `kind: Principal
type: person
name: alice
groups: [employees]
policy: |
  Helps customers with what they bought.
---
kind: Principal
type: agent
name: support
policy: Speaks for the customer who is signed in.
`,
  'own-orders.yaml': `kind: Role
name: own-orders
purpose: Read the orders of the customer who is signed in.
access: read
gate: broker
agents: [support]
approval: { humans: 0 }
parameters:
  customer: { description: The customer who is signed in, pattern: "[0-9a-f-]{36}", from: subject.sub }
allow:
  - actions: [dynamodb:Query]
    resources: ["arn:aws:dynamodb:\${env.region}:\${env.account}:table/orders"]
    conditions:
      ForAllValues:StringEquals: { dynamodb:LeadingKeys: "\${param.customer}" }
      "Null": { dynamodb:LeadingKeys: false }
sensitive:
  - { action: dynamodb:Query, because: Customers ask about their own orders. }
`,
  'refund.yaml': `kind: Role
name: refund
purpose: Record a refund.
access: write
gate: broker
reviewer: decide
eligible: { groups: [employees] }
allow:
  - actions: [dynamodb:PutItem]
    resources: ["arn:aws:dynamodb:\${env.region}:\${env.account}:table/refunds"]
`,
} as const;

/** What loader and guardrails say of the shop with one text replaced in one file: place, severity and id. */
async function check(file?: keyof typeof FILES, from = '', to = ''): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-'));
  try {
    for (const [name, text] of Object.entries(FILES)) {
      if (name === file) expect(text).toContain(from);
      writeFileSync(join(folder, name), name === file ? text.replace(from, () => to) : text);
    }
    const { definitions, findings } = loadDefinitions('.', { cwd: folder });
    const checked = definitions === undefined ? [] : (await checkDefinitions(definitions, { today })).findings;
    return [...findings, ...checked].map(
      ({ id, severity, at, environment = 'everywhere' }) => `${at.file}:${at.line} ${severity} ${id} ${environment}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('the shop is clean', async () => {
  expect(await check()).toEqual([]);
});

test.each([
  [
    'a write in production that nobody is asked about',
    'refund.yaml',
    'reviewer: decide',
    'approval: { humans: 0 }',
    ['refund.yaml:6 error production-write-needs-human prod'],
  ],
  [
    'a claim that no issuer is said to vouch for',
    'own-orders.yaml',
    'from: subject.sub',
    'from: subject.claims.customer',
    ['own-orders.yaml:9 error bound-parameter-gate everywhere'],
  ],
  [
    'a second issuer',
    'broker.yaml',
    'subjects:\n',
    'subjects:\n  - { issuer: "https://staff.example.com", audiences: [desk] }\n',
    ['own-orders.yaml:9 error subject-issuer everywhere'],
  ],
  [
    'more humans than approvers, where one of them asks',
    'refund.yaml',
    'reviewer: decide',
    'approval: { humans: 3 }',
    ['refund.yaml:6 warning approvers-for-humans everywhere'],
  ],
  [
    'a group that is misspelt',
    'refund.yaml',
    '[employees]',
    '[employee]',
    ['people.yaml:5 warning policy-read everywhere', 'refund.yaml:7 warning eligible-somebody everywhere'],
  ],
  [
    'no reviewer in production',
    'broker.yaml',
    'reviewer: { provider: bedrock, model: amazon.nova-pro-v1:0 }\n',
    '',
    [
      'people.yaml:5 warning policy-read prod',
      'people.yaml:11 warning policy-read prod',
      'refund.yaml:6 error reviewer-configured prod',
    ],
  ],
  [
    'no broker in production',
    'broker.yaml',
    'environments:\n',
    'environments:\n  prod: false\n',
    ['own-orders.yaml:5 note broker-not-deployed prod', 'refund.yaml:5 note broker-not-deployed prod'],
  ],
  [
    'a model of the laptop in production',
    'broker.yaml',
    '  dev: {',
    '  prod: {',
    ['broker.yaml:8 error production-endpoints prod'],
  ],
  [
    'an agent called as an approver is',
    'project.yaml',
    '[lead, oncall, alice]',
    '[lead, oncall, alice, pipeline]',
    ['project.yaml:9 error distinct-people everywhere'],
  ],
  [
    'a role that reaches the events of all leases',
    'refund.yaml',
    'table/refunds',
    'table/shop-${env.name}-*',
    ['refund.yaml:10 error own-broker everywhere'],
  ],
  [
    'a table of everybody beside the customer’s own rows',
    'own-orders.yaml',
    'sensitive:\n',
    '  - { actions: [dynamodb:Query], resources: ["arn:aws:dynamodb:${env.region}:${env.account}:table/stock"] }\nsensitive:\n',
    ['own-orders.yaml:16 error subject-scope everywhere'],
  ],
  [
    'denials that never stop anybody',
    'broker.yaml',
    'subjects:\n',
    'budgets: { denials: { limit: 60 } }\nsubjects:\n',
    ['broker.yaml:3 warning budgets-bite everywhere'],
  ],
] as const)('%s is told of', async (_, file, from, to, expected) => {
  expect([...new Set(await check(file, from, to))]).toEqual(expected);
});
