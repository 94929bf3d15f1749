/** Roles with actions that are approved call by call: the guardrails read both roles, and report nothing twice. */
import { checkDefinitions } from '@leasehold/guardrails';
import { load } from '../definitions/support';

const PROJECT = `kind: Project
name: hermes
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead, oncall]
`;
const BUCKET = 'arn:aws:s3:::hermes-dev-deploy';

/** @param more more keys of the environment */
async function found(role: string, project = '', more = '') {
  const { definitions, findings } = load({
    'project.yaml': `${PROJECT.replace(' }', `${more} }`)}${project}`,
    'role.yaml': `kind: Role\nname: files\npurpose: Change the files of a release in the deploy bucket.\ngate: mfa\n${role}`,
  });
  expect(findings).toEqual([]);
  if (definitions === undefined) throw new Error('no definitions');
  const checked = await checkDefinitions(definitions, { today: '2026-11-30' });
  return checked.findings.map(({ id, at }) => `${id} ${at.file}:${at.line}`);
}

it.each<[string, string]>([
  [
    'an object of S3, by parameters',
    `access: delete
parameters: { release: { description: "Release, for example 1.4.2", pattern: "[a-z0-9][a-z0-9.-]{0,62}" } }
allow: [{ actions: [s3:DeleteObject, s3:DeleteObjectVersion], resources: "${BUCKET}/\${param.release}/*" }]
perCall: s3:DeleteObject
`,
  ],
  [
    'tables',
    `access: delete
allow:
  - actions: [dynamodb:DeleteItem, dynamodb:DescribeTable]
    resources: ["arn:aws:dynamodb:eu-west-1:123456789012:table/a", "arn:aws:dynamodb:eu-west-1:123456789012:table/b"]
perCall: dynamodb:DeleteItem
`,
  ],
  [
    'a secret',
    `access: read
allow:
  - { actions: secretsmanager:GetSecretValue, resources: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:pay/*" }
sensitive: [{ action: secretsmanager:GetSecretValue, because: The key is rotated. }]
perCall: secretsmanager:GetSecretValue
`,
  ],
  [
    'a service in addition to that of the role',
    `access: write
companions: sqs
allow:
  - { actions: s3:PutObject, resources: "${BUCKET}/a/*" }
  - { actions: sqs:SendMessage, resources: "arn:aws:sqs:eu-west-1:123456789012:hermes-dev-deploy" }
perCall: sqs:SendMessage
`,
  ],
  [
    'with a deny statement for other actions of the service',
    `access: delete
allow:
  - { actions: s3:DeleteObject, resources: "${BUCKET}/a/*" }
  - { actions: s3:DeleteObjectVersion, resources: "${BUCKET}/b/*" }
deny: [{ actions: "s3:*", resources: "${BUCKET}/b/kept/*" }]
perCall: s3:DeleteObject
`,
  ],
])('nothing is wrong with %s', async (_, role) => {
  expect(await found(role)).toEqual([]);
});

it('a permission to write and delete in the project covers the calls', async () => {
  const role = `access: [write, delete]
allow: [{ actions: [s3:PutObject, s3:DeleteObject], resources: "${BUCKET}/a/*" }]
perCall: s3:DeleteObject
`;
  expect(await found(role)).toEqual(['mixed-access role.yaml:5']);
  const allowed = 'mixedAccess: [{ role: files, because: "Releases are replaced.", until: "2027-01-31" }]\n';
  expect(await found(role, allowed)).toEqual([]);
});

it('a fault of the calls is reported at the statement of the role', async () => {
  const role =
    'access: delete\nallow:\n  - { actions: s3:DeleteObject, resources: "arn:aws:s3:::*" }\nperCall: s3:DeleteObject\n';
  const all = await found(role);
  expect(all.length).toBeGreaterThan(0);
  expect(new Set(all.map((each) => each.split(' ')[1]))).toEqual(new Set(['role.yaml:7']));
});

it('a waiver of the role does not apply to the role for single calls, a waiver of the project does', async () => {
  const waivers = 'waivers: [{ guardrail: one-code-one-human, because: "One is enough here.", until: "2027-01-31" }]\n';
  const role = `access: delete
allow: [{ actions: s3:DeleteObject, resources: "${BUCKET}/a/*" }]
perCall: s3:DeleteObject
`;
  const humans = ', approval: { humans: 2 }';
  expect(await found(role, '', humans)).toEqual(['one-code-one-human role.yaml:4', 'one-code-one-human role.yaml:7']);
  expect(await found(`${role}${waivers}`, '', humans)).toEqual(['one-code-one-human role.yaml:7']);
  expect(await found(role, waivers, humans)).toEqual([]);
});
