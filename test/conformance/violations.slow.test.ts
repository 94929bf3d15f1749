/**
 * Each assumption holds in the normal sandbox, and a sandbox that violates it is noticed by the probe about it: nothing
 * else decides whether a probe could find anything.
 */
import { type ConformanceReport, type Probed, probes, reportMarkdown } from '@leasehold/conformance';
import { ASSUMPTIONS, type Assumption } from '@leasehold/sandbox';
import { conformed } from './support/sandboxed';

/** Which probe notices that an assumption is violated, and with which words. */
const NOTICED: Readonly<Record<Assumption, readonly [probe: string, because: RegExp]>> = {
  'mfa-present-on-assume-role': ['mfa-on-assume-role', /denies a call that contains an MFA code/],
  'no-issue-time-on-assume-role': ['mfa-on-assume-role', /denies a call that contains an MFA code/],
  'mfa-age-on-assume-role': ['mfa-code-age', /The age is absent/],
  'mfa-age-is-small': ['mfa-code-age', /The age is not below 60/],
  'any-mfa-device': ['mfa-second-device', /second device is refused/],
  'mfa-code-once': ['mfa-code-once', /opened a second session/],
  'mfa-code-used-by-denial': ['mfa-code-used-by-denial', /session with the code that the denied call had used/],
  'mfa-code-window': ['mfa-code-window', /codes of these time steps: none/],
  'issue-time-of-session-token': ['session-token-refused', /can be assumed with credentials from GetSessionToken/],
  'session-name-variable': ['session-name-is-lease-id', /denies a session whose name is the id of its lease/],
  'session-name-compared': ['session-name-is-lease-id', /allows a session whose name is not the id of its lease/],
  'resource-tag-on-assume-role': ['resource-tag-on-assume-role', /can still be assumed/],
  'source-identity-permission': ['source-identity-in-chains', /can also be assumed/],
  'role-tags-in-running-sessions': ['role-tags-in-running-sessions', /can still be used/],
  'policy-in-running-sessions': ['policy-in-running-sessions', /can still be used/],
  'packed-size': ['packed-size', /larger than the estimate for 20 of 20/],
  'scoped-needs-allow': ['scoped-needs-allow', /needs no allow/],
  'scoped-policy-size': ['scoped-policy-size', /refuses a scope-down policy of 2,048 characters/],
  'scoped-chain': ['scoped-chain', /^1 are accepted/],
  'scoped-intersection': ['scoped-intersection', /restores permissions/],
  'scoped-issue-time': ['scoped-issue-time', /treats the scoped credentials as a new token/],
  'scoped-lifetime': ['scoped-lifetime', /after their end/],
  'variable-without-value': ['variable-without-value', /does not match/],
  'account-quotas': ['account-quotas', /AssumeRolePolicySizeQuota, RolesQuota/],
  's3-prefix': ['s3-prefix', /without a prefix is allowed/],
  'scan-without-leading-keys': ['leading-keys', /A scan is allowed/],
  'leading-keys': ['leading-keys', /BatchGetItem is denied for the lease’s own customer/],
};

/** Probes that the sandbox cannot answer, with why they are not run there. */
const NOT_ON_THE_SANDBOX: Readonly<Record<string, RegExp>> = {
  'console-chained': /Calls do not go to AWS/,
  'console-scoped': /Calls do not go to AWS/,
  'alert-wildcards': /does not simulate events:TestEventPattern/,
};

const runnable = probes.filter((probe) => 'run' in probe).map(({ id }) => id);
const onTheSandbox = runnable.filter((id) => !(id in NOT_ON_THE_SANDBOX));

const find = ({ probed }: ConformanceReport, id: string): Probed | undefined =>
  probed.find(({ probe }) => probe.id === id);

it('every probe that the sandbox can answer has an assumption that it notices', () => {
  expect([...new Set(Object.values(NOTICED).map(([id]) => id))].sort()).toEqual([...onTheSandbox].sort());
  expect(Object.keys(NOTICED).sort()).toEqual(Object.keys(ASSUMPTIONS).sort());
});

it('every assumption holds in the normal sandbox', async () => {
  const report = await conformed();
  const by = (verdict: string) => report.probed.filter((each) => each.verdict === verdict).map(({ probe }) => probe.id);
  expect({ violated: by('violated'), 'not decided': by('not decided') }).toEqual({ violated: [], 'not decided': [] });
  expect(by('holds')).toEqual(onTheSandbox);
  expect(report).toMatchObject({ left: [], interrupted: false, account: '123456789012', otherHosts: ['127.0.0.1'] });
  expect(reportMarkdown(report)).toContain('not to AWS.** This report states nothing about AWS.');
  for (const [id, because] of Object.entries(NOT_ON_THE_SANDBOX)) {
    expect(find(report, id)).toMatchObject({ verdict: 'not run', because: expect.stringMatching(because) });
  }
  // Evidence: every answer of a service has its request id.
  for (const { probe, answers } of report.probed.filter(({ verdict }) => verdict === 'holds')) {
    expect({ probe: probe.id, answers: answers.length }).not.toEqual({ probe: probe.id, answers: 0 });
    for (const { requestId } of answers) expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
  }
});

it('a run without a bucket and a table says so, and claims nothing', async () => {
  const only = ['s3-prefix', 'leading-keys'];
  const sandboxed = await conformed([], { only, bucket: undefined as never, table: undefined as never });
  expect(sandboxed.probed.map(({ verdict, because }) => [verdict, because])).toEqual([
    ['not run', 'No bucket was named: `--bucket NAME`.'],
    ['not run', 'No table was named: `--table NAME --table-key ATTRIBUTE`.'],
  ]);
});

it.each(Object.entries(NOTICED).map(([assumption, [id, because]]) => [assumption as Assumption, id, because] as const))(
  '%s is violated: the probe %s finds it (%s)',
  async (assumption, id, because) => {
    const report = await conformed([assumption], { only: [id] });
    expect(find(report, id)).toMatchObject({ verdict: 'violated', because: expect.stringMatching(because) });
    expect(report.left).toEqual([]);
  },
);

// A probe does not blame its own assumption for another one that is wrong: its control fails.
it.each([
  ['no-issue-time-on-assume-role', 'mfa-code-age', 'holds'],
  ['mfa-age-on-assume-role', 'mfa-on-assume-role', 'holds'],
  ['mfa-present-on-assume-role', 'session-token-refused', 'holds'],
  ['session-name-variable', 'mfa-on-assume-role', 'not decided'],
  ['session-name-variable', 'mfa-code-once', 'not decided'],
] as const)('with %s, the probe %s is %s', async (assumption, id, verdict) => {
  const report = await conformed([assumption], { only: [id] });
  expect(find(report, id)?.verdict).toBe(verdict);
});
