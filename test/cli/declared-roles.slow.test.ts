/** `leasehold review` knows what the definitions beside the plan declare, and nothing else. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { manifest } from '@leasehold/documents';
import { declaredRoles } from '../../lib/cli/declared-roles';
import { policy } from '../review/planned';
import { leasehold, newFolder, newProject, removeFolders } from './support';

afterAll(removeFolders);

const PROJECT = `kind: Project
name: acme
environments:
  dev: { account: "111122223333", region: eu-west-1 }
agents:
  agent: { identity: { type: iam-user } }
approvers: [oncall]
external:
  task:
    arn: arn:aws:iam::\${env.account}:role/task
    may: [{ actions: s3:GetObject, resources: "arn:aws:s3:::assets/*" }]
`;
const ROLE = `kind: Role
name: roll
purpose: Register a release of the shop. No delete.
access: write
gate: mfa
allow:
  - { actions: ecs:RegisterTaskDefinition, resources: "arn:aws:ecs:\${env.region}:\${env.account}:task-definition/shop:*" }
passes:
  - { role: task, to: ecs-tasks.amazonaws.com, because: Each release runs with this role. }
`;
const FILES = { 'project.yaml': PROJECT, 'roll.yaml': ROLE };

/** A plan that makes the role as the definitions want it, with the output that they make. */
function writePlan(folder: string): string {
  const { definitions } = loadDefinitions(join(newProject(FILES), 'roles'));
  const [environment] = definitions?.environments ?? [];
  if (environment === undefined) throw new Error('the project has an error');
  const output = manifest(environment);
  const arn = output.roles.roll?.arn ?? '';
  const create = (type: string, after: object) => ({
    address: `${type}.roll`,
    mode: 'managed',
    type,
    name: 'roll',
    provider_name: 'registry.terraform.io/hashicorp/aws',
    change: { actions: ['create'], before: null, after, after_unknown: {} },
  });
  const trust = {
    Effect: 'Allow' as const,
    Principal: { Service: 'ecs-tasks.amazonaws.com' },
    Action: 'sts:AssumeRole',
  };
  const [, path = '/', name = ''] = /:role(\/.*\/|\/)([^/]+)$/.exec(arn) ?? [];
  const pass = {
    Effect: 'Allow' as const,
    Action: 'iam:PassRole',
    Resource: 'arn:aws:iam::111122223333:role/task',
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  };
  const plan = {
    format_version: '1.2',
    terraform_version: '1.11.4',
    configuration: {},
    output_changes: { leasehold: { actions: ['create'], before: null, after: output, after_unknown: false } },
    resource_changes: [
      create('aws_iam_role', { name, path, arn, assume_role_policy: policy(trust) }),
      create('aws_iam_role_policy', { name: 'own', role: name, policy: policy(pass) }),
    ],
  };
  const file = join(folder, 'plan.json');
  writeFileSync(file, JSON.stringify(plan));
  return file;
}

test.each([
  { name: 'definitions that declare it', files: FILES, expect: ['role-handed'] },
  {
    name: 'definitions that declare another service',
    files: { ...FILES, 'roll.yaml': ROLE.replace('ecs-tasks', 'ecs') },
    expect: ['privilege-escalation'],
  },
  {
    name: 'definitions with an error',
    files: { ...FILES, 'roll.yaml': ROLE.replace('access: write', 'access: read') },
    expect: ['privilege-escalation'],
  },
  { name: 'an output of the plan alone', files: undefined, expect: ['privilege-escalation'] },
])('a passed role with $name', async ({ files, expect: expected }) => {
  const folder = files === undefined ? newFolder() : newProject(files);
  const { out } = await leasehold(['review', writePlan(folder), '--json'], { cwd: folder });
  const { findings } = JSON.parse(out) as { findings: readonly { id: string }[] };
  expect(findings.map(({ id }) => id).filter((id) => /role-handed|privilege-escalation/.test(id))).toEqual(expected);
});

const HOST = {
  out: () => {},
  err: () => {},
  outColumns: undefined,
  errColumns: undefined,
  env: {},
  today: '2026-11-22',
};

test.each([
  { name: 'one bucket', may: undefined, waived: false, administrator: false },
  { name: 'an administrator', may: 'administrator', waived: true, administrator: true },
  { name: 'every action', may: '[{ actions: "*", resources: "*" }]', waived: true, administrator: true },
  { name: "all of IAM's actions", may: '[{ actions: "iam:*", resources: "*" }]', waived: true, administrator: true },
])('a maximum of $name is declared as it is', async ({ may, waived, administrator }) => {
  const waiver = '\nwaivers:\n  - { guardrail: handed-power, because: The tool needs it., until: 2026-12-31 }\n';
  const folder = newProject({
    'project.yaml': may === undefined ? PROJECT : PROJECT.replace(/may: .*/, `may: ${may}`),
    'roll.yaml': waived ? `${ROLE.trimEnd()}${waiver}` : ROLE,
  });
  const found = await declaredRoles(undefined, { ...HOST, cwd: folder });
  expect(found.flatMap(({ passes }) => passes)).toEqual([expect.objectContaining({ administrator })]);
});

test('definitions elsewhere are named by --roles', async () => {
  const folder = newFolder();
  const other = newProject(FILES);
  mkdirSync(join(folder, 'roles'));
  const line = ['review', writePlan(folder), '--json', '--roles', join(other, 'roles')];
  const { out } = await leasehold(line, { cwd: folder });
  expect(out).toContain('"role-handed"');
});
