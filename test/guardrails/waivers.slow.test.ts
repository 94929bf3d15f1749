import { defined } from '@leasehold/contract/defined';
import { checkDefinitions, guardrails } from '@leasehold/guardrails';
import { type CaseYaml, definitionsOf, snippet } from './build';

const today = '2026-11-22';

/** A role that breaks `own-bucket` and nothing else. */
const breaking = `
role:
  name: sync
  access: write
  allow: [{ actions: s3:PutObject, resources: 'arn:aws:s3:::hermes-*/*' }]
`;

async function check(yaml: string, day = today) {
  const source = snippet(yaml);
  const checked = await checkDefinitions(definitionsOf(source, [], source.value as CaseYaml), { today: day });
  return {
    findings: checked.findings.map(({ id, severity, message, environment }) => ({
      id,
      severity,
      message,
      ...defined({ environment }),
    })),
    waived: checked.waived,
  };
}

const waivedByRole = (until: string, guardrail = 'own-bucket', because = 'Buckets move next month.') =>
  `${breaking}  waivers: [{ guardrail: ${guardrail}, because: '${because}', until: '${until}' }]\n`;

test('without a waiver the finding stands', async () => {
  const { findings, waived } = await check(breaking);
  expect(findings.map(({ id }) => id)).toEqual(['own-bucket']);
  expect(waived).toEqual([]);
});

test('a waiver of the role sets the finding aside, and is told with reason and date', async () => {
  const { findings, waived } = await check(waivedByRole('2026-12-31'));
  expect(findings).toEqual([]);
  expect(waived).toHaveLength(1);
  expect(waived[0]).toMatchObject({
    guardrail: 'own-bucket',
    role: 'sync',
    because: 'Buckets move next month.',
    until: '2026-12-31',
    finding: { id: 'own-bucket', severity: 'error', at: { file: 'roles/task.yaml', line: 5 } },
  });
});

test('a waiver of the project sets the findings of all roles aside', async () => {
  const { findings, waived } = await check(`
project: { waivers: [{ guardrail: own-bucket, because: Buckets move., until: '2026-12-31' }] }
roles:
  - { name: a, access: write, allow: [{ actions: s3:PutObject, resources: 'arn:aws:s3:::hermes-*/*' }] }
  - { name: b, access: write, allow: [{ actions: s3:PutObject, resources: 'arn:aws:s3:::apollo-*/*' }] }
`);
  expect(findings).toEqual([]);
  expect(waived.map(({ role }) => role)).toEqual(['a', 'b']);
});

test("the role's own waiver counts before the project's, which is then told to be idle", async () => {
  const { findings, waived } = await check(
    `${waivedByRole('2026-12-31')}project: { waivers: [{ guardrail: own-bucket, because: All move., until: '2026-12-31' }] }\n`,
  );
  expect(waived.map(({ because }) => because)).toEqual(['Buckets move next month.']);
  expect(findings.map(({ id }) => id)).toEqual(['waiver-unused']);
});

test('a waiver of the project sets aside what concerns no single role', async () => {
  const { findings, waived } = await check(`
project: { waivers: [{ guardrail: roles-per-account, because: AWS raised the quota to 5000., until: '2026-12-31' }], environments: { dev: {}, test: {} } }
repeat: 501
role: { name: task }
`);
  expect(findings).toEqual([]);
  expect(waived).toHaveLength(1);
  expect(waived[0]).not.toHaveProperty('role');
});

describe('a waiver in time', () => {
  test.each([
    ['holds on its last day', '2026-11-22', []],
    ['is an error on the day after', '2026-11-21', ['own-bucket', 'waiver-ended']],
    ['is an error with a date that is none', '2026-02-30', ['own-bucket', 'waiver-ended']],
    ['is an error with a date in words', 'never', ['own-bucket', 'waiver-ended']],
    ['holds for a year', '2027-11-22', []],
    ['holds longer with a warning', '2028-11-22', ['waiver-long']],
  ])('%s', async (_, until, ids) => {
    const { findings } = await check(waivedByRole(until));
    expect(findings.map(({ id }) => id)).toEqual(ids);
  });

  test('has ended as a plain error that says when', async () => {
    const { findings, waived } = await check(waivedByRole('2026-11-21'));
    expect(findings.find(({ id }) => id === 'waiver-ended')).toEqual({
      id: 'waiver-ended',
      severity: 'error',
      message: 'The waiver of `own-bucket` ended on 2026-11-21.',
    });
    expect(waived).toEqual([]);
  });

  test('is judged on the day given, and a day that cannot be compared is refused', async () => {
    expect((await check(waivedByRole('2026-12-31'), '2027-01-01')).findings.map(({ id }) => id)).toContain(
      'waiver-ended',
    );
    await expect(check(waivedByRole('2026-12-31'), '')).rejects.toThrow('today must be YYYY-MM-DD');
    await expect(check(waivedByRole('2026-12-31'), '22.11.2026')).rejects.toThrow('today must be YYYY-MM-DD');
  });
});

test('a waiver of a guardrail that does not exist is an error with the nearest', async () => {
  const { findings } = await check(waivedByRole('2026-12-31', 'own-buckets'));
  expect(findings.map(({ id, severity }) => `${severity} ${id}`)).toEqual(['error own-bucket', 'error waiver-unknown']);
});

test('a waiver without a reason sets nothing aside', async () => {
  const { findings, waived } = await check(waivedByRole('2026-12-31', 'own-bucket', ' '));
  expect(findings.map(({ id }) => id)).toEqual(['own-bucket', 'waiver-reason']);
  expect(waived).toEqual([]);
});

test('a waiver that sets nothing aside is a warning', async () => {
  const { findings } = await check(`
role:
  waivers: [{ guardrail: own-bucket, because: Buckets move., until: '2026-12-31' }]
`);
  expect(findings).toEqual([
    {
      id: 'waiver-unused',
      severity: 'warning',
      message: '`own-bucket` is waived, but finds nothing here.',
    },
  ]);
});

test('a waiver that only one environment needs is not idle', async () => {
  const { findings, waived } = await check(`
project: { environments: { dev: {}, prod: {} } }
role:
  access: write
  allow: [{ actions: s3:PutObject, resources: 'arn:aws:s3:::hermes-dev/*' }]
  environments: { prod: { allow: [{ actions: s3:PutObject, resources: 'arn:aws:s3:::hermes-*/*' }] } }
  waivers: [{ guardrail: own-bucket, because: Buckets move., until: '2026-12-31' }]
`);
  expect(findings).toEqual([]);
  expect(waived.map(({ finding }) => finding.environment)).toEqual(['prod']);
});

describe('guardrails that no waiver sets aside', () => {
  const strict = guardrails.filter(({ unwaivable }) => unwaivable !== undefined);

  test.each(strict.map(({ id }) => [id]))('%s', async (id) => {
    const { findings } = await check(`
role:
  waivers: [{ guardrail: ${id}, because: We insist., until: '2026-12-31' }]
`);
    expect(findings.map((finding) => `${finding.severity} ${finding.id}`)).toEqual(['error waiver-refused']);
  });

  test('and their findings stand', async () => {
    const { findings, waived } = await check(`
role:
  access: write
  allow: [{ actions: iam:PassRole, resources: '*' }]
  waivers: [{ guardrail: no-privilege-escalation, because: We insist., until: '2026-12-31' }]
`);
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['no-privilege-escalation', 'waiver-refused']));
    expect(waived).toEqual([]);
  });

  test('are those without which the others would see nothing, or that AWS would refuse anyway', () => {
    expect(strict.map(({ id }) => id)).toEqual([
      'known-action',
      'no-star',
      'one-access-level',
      'mixed-access',
      'no-permissions-management',
      'no-privilege-escalation',
      'within-boundary',
      'no-sensitive-read',
      'sql-limit',
      'no-managed-policy',
      'managed-policy',
      'managed-reads',
      'passed-role',
      'assumed-role',
      'well-formed-resource',
      'own-watch',
      'own-broker',
      'condition-operator',
      'for-all-values-guard',
      'leading-keys',
      'parameter-used',
      'parameter-not-empty',
      'parameter-place',
      'bound-parameter-gate',
      'reviewer-configured',
      'distinct-people',
      'people-mfa',
      'people-accounts',
      'people-redirects',
      'lease-length',
      'plain-text',
      'no-placeholder',
      'names',
      'distinct-names',
      'policy-grammar',
      'quotas',
      'mfa-devices',
    ]);
  });
});
