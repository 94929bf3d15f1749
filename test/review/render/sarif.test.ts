import { reviewSarif } from '../../../lib/review/render/sarif';
import { sampleReview } from './sample';

const log = reviewSarif(sampleReview(), {
  version: '1.2.3',
  plan: 'plans/prod plan.json',
  source: ({ id }) => (id === 'mfa-weakened' ? { file: 'roles/s3-deploy.yaml', line: 7 } : undefined),
  page: (id) => `https://pages.example/docs/findings/${id}.md`,
  pageText: (id) => (id === 'mfa-weakened' ? '# MFA' : undefined),
});
const [run] = log.runs;
const results = run?.results ?? [];
const rules = run?.tool.driver.rules ?? [];

it('has a result for every finding and every value that could not be read and has no finding', () => {
  expect(results.map(({ ruleId, level }) => [ruleId, level])).toEqual([
    ['mfa-weakened', 'error'],
    ['unread-policy', 'error'],
    ['deletion-protection', 'note'],
    ['unread-value', 'warning'],
  ]);
});

it('has a rule for every result, with its page and the severity that code scanning shows', () => {
  for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
  expect(rules.find(({ id }) => id === 'mfa-weakened')).toEqual({
    id: 'mfa-weakened',
    shortDescription: { text: 'Mfa weakened' },
    defaultConfiguration: { level: 'error' },
    helpUri: 'https://pages.example/docs/findings/mfa-weakened.md',
    help: { text: 'Mfa weakened', markdown: '# MFA' },
    properties: { tags: ['security', 'iam'], 'security-severity': '9.5' },
  });
});

it('points at the line of the source where that is known, else at the plan, and always names the address', () => {
  expect(results[0]?.locations).toEqual([
    {
      physicalLocation: {
        artifactLocation: { uri: 'roles/s3-deploy.yaml', uriBaseId: '%SRCROOT%' },
        region: { startLine: 7 },
      },
      logicalLocations: [
        {
          fullyQualifiedName: 'module.leasehold["prod"].aws_iam_role.s3-deploy.assume_role_policy',
          kind: 'resource',
        },
      ],
    },
  ]);
  expect(results[1]?.locations[0]?.physicalLocation).toEqual({
    artifactLocation: { uri: 'plans/prod%20plan.json', uriBaseId: '%SRCROOT%' },
    region: { startLine: 1 },
  });
});

it('keeps the fingerprint of a finding when its line and its words change, and gives each its own', () => {
  const fingerprints = (source: number, words: string) =>
    reviewSarif(
      { ...sampleReview(), findings: sampleReview().findings.map((finding) => ({ ...finding, message: words })) },
      { version: '1.0.0', source: () => ({ file: 'x.yaml', line: source }) },
    ).runs.flatMap((each) => each.results.map(({ partialFingerprints }) => partialFingerprints['leaseholdFinding/v1']));
  expect(fingerprints(1, 'a')).toEqual(fingerprints(99, 'b'));
  expect(new Set(fingerprints(1, 'a')).size).toBe(4);
});

it.each<readonly [string, string, string]>([
  [
    'pass to a service',
    'may pass to lambda.amazonaws.com the role r',
    'may pass to ecs-tasks.amazonaws.com the role r',
  ],
  ['pass of a role', 'may pass arn:aws:iam::123456789012:role/a', 'may pass arn:aws:iam::123456789012:role/b'],
  ['trust of an account', 'everybody of account 444455556666.', 'everybody of account 777788889999.'],
  ['action', 'could now: iam:PassRole', 'could now: iam:PutRolePolicy'],
  ['address', 'now sends to https://one.example.net/x', 'now sends to https://two.example.net/x'],
  ['use', 'now sends to the bucket theirs', 'now uses the bucket theirs'],
])('gives another %s at the same place its own fingerprint', (_, one, other) => {
  const of = (message: string) => {
    const [first] = sampleReview().findings;
    const { runs } = reviewSarif(
      { ...sampleReview(), findings: first ? [{ ...first, message }] : [] },
      { version: '1.0.0' },
    );
    return runs[0]?.results[0]?.partialFingerprints['leaseholdFinding/v1'];
  };
  expect(of(one)).not.toBe(of(other));
  expect(of(one)).toBe(of(`In other words: ${one}`));
});

it('keeps the results of several plans of one commit apart', () => {
  const id = (name?: string) => reviewSarif(sampleReview(), { version: '1.0.0', name }).runs[0]?.automationDetails.id;
  expect([id(), id('dev'), id('prod')]).toEqual([
    'leasehold-review/',
    'leasehold-review/dev/',
    'leasehold-review/prod/',
  ]);
});
