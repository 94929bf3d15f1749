/** A value that cannot be resolved does not hide what else is wrong: one run reports both. */
import { join } from 'node:path';
import { checkProject } from '../../lib/cli/project';

const PROJECT = `kind: Project
name: shop
environments:
  dev: { account: "123456789012", region: eu-west-1, variables: { bucket: shop-dev } }
  prod: { account: "210987654321", region: eu-west-1, variables: { bucket: shop-prod } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead]
`;

interface Given {
  readonly allow?: string;
  readonly rest?: string;
  readonly project?: string;
}

async function idsOf({ allow = '', rest = '', project = '' }: Given): Promise<readonly string[]> {
  const role = `kind: Role
name: task
purpose: Do one task.
access: write
gate: mfa
allow:
  - { actions: [s3:GetObject], resources: ["arn:aws:s3:::\${var.bucket}/*"] }
${allow}${rest}`;
  const { findings, definitions } = await checkProject([], { cwd: join(__dirname), today: '2026-11-30' }, [
    { name: 'project.yaml', text: PROJECT + project },
    { name: 'role.yaml', text: role },
  ]);
  expect(definitions).toBeUndefined();
  return findings.map(({ id, severity }) => `${severity === 'error' ? '' : `${severity} `}${id}`);
}

const SENSITIVE = 'no-sensitive-read';

test.each<readonly [string, Given, readonly string[]]>([
  [
    'a role that the project does not declare',
    { rest: 'passes: [{ role: nobody, to: s3.amazonaws.com, because: One. }]' },
    [SENSITIVE, 'unknown-external'],
  ],
  [
    'a variable that is not set',
    { allow: '  - { actions: [s3:PutObject], resources: ["arn:aws:s3:::${var.buckt}/*"] }' },
    [SENSITIVE, 'unknown-variable'],
  ],
  [
    'a variable without a namesake, whose region nobody knows',
    { allow: '  - { actions: [sqs:SendMessage], resources: ["arn:aws:sqs:${var.where}:*:jobs"] }' },
    [SENSITIVE, 'one-service', 'well-formed-resource', 'unknown-variable'],
  ],
  [
    "a policy variable of IAM, in an ARN of everybody's account",
    { allow: '  - { actions: [s3:PutObject], resources: ["arn:aws:s3::*:shop/${aws:username}/*"] }' },
    [SENSITIVE, 'well-formed-resource', 'template-syntax'],
  ],
])('%s', async (_, given, ids) => {
  expect(await idsOf(given)).toEqual(ids);
});

test('a role that is not declared is told beside a fault of the project', async () => {
  expect(
    await idsOf({
      project: 'alerts: { trail: nowhere }\n',
      rest: 'passes: [{ role: nobody, to: s3.amazonaws.com, because: One. }]',
    }),
  ).toEqual(['wrong-value', 'unknown-external']);
});

test('a fault of another kind leaves nothing to check', async () => {
  expect(await idsOf({ rest: 'companions: 7' })).toEqual(['wrong-type']);
});
