import { roleBoundary } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { accessOf, checkSize, escalation, loadCatalogue, sensitiveRead } from '@leasehold/policy';
import fc from 'fast-check';
import type { Definitions, Role } from '../../lib/definitions/model';
import { type CaseYaml, definitionsOf, snippet } from './build';

const today = '2026-11-22';

function define(yaml: string): Definitions {
  const source = snippet(yaml);
  return definitionsOf(source, [], source.value as CaseYaml);
}

async function check(yaml: string) {
  return (await checkDefinitions(define(yaml), { today })).findings;
}

describe('one fault is one finding', () => {
  const role = `role: { allow: [{ actions: s3:GetObject, resources: 'arn:aws:s3:::data/*' }] }`;

  test('in all environments, without naming them', async () => {
    const findings = await check(`project: { environments: { dev: {}, test: {}, prod: {} } }\n${role}`);
    expect(findings.map(({ id, environment }) => [id, environment])).toEqual([['no-sensitive-read', undefined]]);
  });

  test('in some environments, which it names in the order of the project', async () => {
    const findings = await check(`
project: { environments: { test: {}, dev: {}, prod: {} } }
role:
  allow: [{ actions: s3:GetObject, resources: 'arn:aws:s3:::data/*' }]
  environments: [dev, test]
`);
    expect(findings.map(({ environment }) => environment)).toEqual(['test, dev']);
  });

  test('where the environments differ only in what its message quotes', async () => {
    const findings = await check(`
project: { environments: { dev: { variables: { b: dev } }, prod: { variables: { b: prod } } } }
role: { access: write, allow: [{ actions: s3:PutObject, resources: 'arn:aws:s3:::\${var.b}-*/*' }] }
`);
    expect(findings.map(({ message, environment }) => `${environment}: ${message.split(' ')[0]}`)).toEqual([
      'undefined: `arn:aws:s3:::dev-*/*`',
    ]);
  });
});

test('the boundary of every role fits into the quota of a boundary', () => {
  expect(checkSize('permissions-boundary', roleBoundary()).over).toBe(false);
});

test('findings come in file order, and each names its page', async () => {
  const findings = await check(`
roles:
  - name: b
    access: read
    allow:
      - { actions: ['*'], resources: '*' }
      - { actions: [s3:PutObject], resources: 'arn:aws:s3:::data/*' }
  - name: a
    allow:
      - { actions: [s3:GetObjct], resources: 'arn:aws:s3:::data/*' }
`);
  expect(findings.map(({ id, at }) => `${at.line} ${id}`)).toEqual([
    '6 no-star',
    '7 one-access-level',
    '10 known-action',
  ]);
  for (const { id, page } of findings) expect(page).toBe(`docs/guardrails/${id}.md`);
});

test('a role that may do everything is one finding a star, not forty', async () => {
  const findings = await check(`role: { allow: [{ actions: ['*', 's3:*', 'iam:*'], resources: '*' }] }`);
  expect(new Set(findings.map(({ id }) => id))).toEqual(new Set(['no-star', 'one-service']));
});

test('no roles and no environments are no error of the guardrails', async () => {
  expect(await checkDefinitions({ project: 'hermes', environments: [] }, { today })).toEqual({
    findings: [],
    waived: [],
  });
  expect(await check('roles: []')).toEqual([]);
});

test('the order in which roles come changes nothing', async () => {
  const definitions = define(`
project: { environments: { dev: {}, prod: { account: '210987654321' } }, waivers: [{ guardrail: own-bucket, because: Soon., until: '2026-12-31' }] }
roles:
  - { name: a, access: write, allow: [{ actions: [s3:PutObject, 's3:Get*'], resources: 'arn:aws:s3:::hermes-*/*' }] }
  - { name: b, allow: [{ actions: [ec2:DescribeInstances, sqs:SendMessage], resources: '*' }] }
  - { name: c, gate: broker, lease: { default: 2h, max: 2h } }
  - { name: d, parameters: { p: { pattern: '[a-z]*' } }, allow: [{ actions: s3:GetObject, resources: 'arn:aws:s3:::data/\${param.p}*' }] }
  - { name: e, waivers: [{ guardrail: nothing, because: Why not., until: '2020-01-01' }] }
`);
  const expected = await checkDefinitions(definitions, { today });
  expect(expected.findings.length).toBeGreaterThan(10);
  expect(expected.waived.length).toBeGreaterThan(0);
  const count = definitions.environments[0]?.roles.length ?? 0;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...Array(count).keys()], { minLength: count }), async (order) => {
      const shuffled = {
        ...definitions,
        environments: definitions.environments.map((environment) => ({
          ...environment,
          roles: order.flatMap((index): readonly Role[] => {
            const role = environment.roles[index];
            return role ? [role] : [];
          }),
        })),
      };
      expect(await checkDefinitions(shuffled, { today })).toEqual(expected);
    }),
  );
});

test('whatever action passes in a read role is a read, gives nothing away and escalates to nothing', async () => {
  const services = ['s3', 'ec2', 'iam', 'sts', 'dynamodb', 'lambda', 'kms', 'ssm', 'secretsmanager', 'sqs', 'ecs'];
  const catalogue = await loadCatalogue(services);
  const actions = catalogue.expand('*');
  const { environments, project } = define('role: {}');
  const [environment] = environments;
  const template = environment?.roles[0];
  if (environment === undefined || template === undefined) throw new Error('a role to start from');
  let line = 0;
  const roles = actions.map(({ id }): Role => {
    const at = { file: 'all.yaml', line: ++line, column: 1, endLine: line, endColumn: 2 };
    return {
      ...template,
      name: `r${line}`,
      allow: [{ actions: [id], resources: ['*'], conditions: {} }],
      locate: () => at,
    };
  });
  const { findings } = await checkDefinitions({ project, environments: [{ ...environment, roles }] }, { today });
  const refused = new Set(findings.filter(({ severity }) => severity === 'error').map(({ at }) => at.line));
  const passed = actions.filter((_, index) => !refused.has(index + 1));
  const wrong = passed.filter(
    (action) =>
      accessOf(action) !== 'read' || sensitiveRead(action.id) || escalation(action.id) || /^(iam|sts):/.test(action.id),
  );
  // It needs no permission, so that no role gains or loses it.
  expect(wrong.map(({ id }) => id)).toEqual(['sts:GetCallerIdentity']);
  // Not because nothing passes.
  expect(passed.map(({ id }) => id)).toEqual(expect.arrayContaining(['ec2:DescribeInstances', 's3:ListBucket']));
});
