/** What an approver reads. */
import type { ApprovalRequest } from '@leasehold/runtime';
import fc from 'fast-check';
import { approvalLines, spokenSeconds } from '../../runtime/src/approval-text';
import { anApprovalRequest } from './support/approval-request';

it('says who asks for what, why, how long, and exactly which permissions', () => {
  expect(approvalLines(anApprovalRequest())).toEqual([
    'Role:        s3-deploy (Upload build artefacts under one release.)',
    'Environment: hermes dev, account 123456789012',
    'Agent:       arn:aws:iam::123456789012:user/agents/hermes-dev-agent',
    'Parameter:   release = 1.4.2',
    'Length:      15 minutes, until 2027-01-01 00:15:00 UTC if approved now',
    'What the lease may do:',
    '  may s3:GetObject, s3:PutObject',
    '    on arn:aws:s3:::hermes-dev-deploy/1.4.2/*',
    '  may s3:ListBucket',
    '    on arn:aws:s3:::hermes-dev-deploy',
    '    only if s3:prefix StringLike 1.4.2/* or 1.4.2',
    'Role ARN:    arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
    'Lease:       lh-01jd0000000000000000000000',
    'Answer by:   2027-01-01 00:05:00 UTC',
    'Approvers:   lead, oncall',
    '',
    "Reason, in the agent's words:",
    '┃ Upload release 1.4.2 to the deploy bucket',
  ]);
});

it('shows what will run, as it would be typed', () => {
  const command = ['python3', 'agent.py', '--note', 'two words', "it's", ''];
  const lines = approvalLines(anApprovalRequest({ command }), 80);
  expect(lines.slice(-2)).toEqual([
    "Command, in the agent's words:",
    "┃ python3 agent.py --note 'two␣words' 'it\\'s' ''",
  ]);
});

it('says of a lease without permissions that it may do nothing', () => {
  expect(approvalLines(anApprovalRequest({ permissions: [] }))).toContain('  nothing');
});

it('shows what may never be done as such', () => {
  const permissions = [{ effect: 'Deny' as const, actions: ['s3:DeleteObject'], resources: ['*'], conditions: {} }];
  expect(approvalLines(anApprovalRequest({ permissions }))).toContain('  never s3:DeleteObject');
});

it.each([
  ['an escape sequence that would clear the screen', '\u001b[2JApprove', '\\x1b[2JApprove'],
  ['a line break that would add a line', 'x\nRole: read', 'x\\nRole: read'],
  ['a carriage return that would overwrite', 'x\rRole', 'x\\x0dRole'],
  ['a change of the direction of writing', 'abc\u202ecba', 'abc\\u{202e}cba'],
  ['a character of no width', 'ad\u200bmin', 'ad\\u{200b}min'],
  ['an invisible letter', 'ad\u3164min', 'ad\\u{3164}min'],
  ['an 8-bit control character', '\u009b2J', '\\x9b2J'],
  ['half a character', 'a\ud800b', 'a\\u{d800}b'],
])('writes out %s', (_, reason, shown) => {
  expect(approvalLines(anApprovalRequest({ reason }))).toContain(`┃ ${shown}`);
});

it('never shows a character that a terminal obeys or a reader does not see, wherever it comes from', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const request = fc.record({
    role: text,
    purpose: text,
    project: text,
    environment: text,
    account: text,
    agent: text,
    reason: text,
    roleArn: text,
    id: text,
    parameters: fc.dictionary(text, text, { maxKeys: 3 }),
    approvers: fc.array(text, { maxLength: 3 }),
    permissions: fc.array(
      fc.record({
        effect: fc.constantFrom('Allow' as const, 'Deny' as const),
        actions: fc.array(text, { maxLength: 2 }),
        resources: fc.array(text, { maxLength: 2 }),
        conditions: fc.dictionary(text, fc.dictionary(text, fc.array(text, { maxLength: 2 }), { maxKeys: 2 }), {
          maxKeys: 2,
        }),
      }),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(request, (parts) => {
      const lines = approvalLines(anApprovalRequest(parts as Partial<ApprovalRequest>));
      expect(lines.join('')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }),
  );
});

it('cuts a value that is endless, and counts what it leaves out', () => {
  const line = approvalLines(anApprovalRequest({ purpose: 'x'.repeat(5000) }))[0] ?? '';
  expect(line).toHaveLength('Role:        s3-deploy ('.length + 2048 + '… (2952 characters more))'.length);
});

it('says that it leaves lines out when it does', () => {
  const permissions = [
    { effect: 'Allow' as const, actions: ['a:B'], resources: Array(2000).fill('*'), conditions: {} },
  ];
  expect(approvalLines(anApprovalRequest({ permissions }))).toContain(
    "  … and 1001 more lines: read the role's policy before you answer",
  );
});

it.each([
  [0, '0 seconds'],
  [1, '1 second'],
  [59, '59 seconds'],
  [60, '1 minute'],
  [900, '15 minutes'],
  [5400, '1 hour 30 minutes'],
  [43_200, '12 hours'],
])('%d seconds are %s', (seconds, spoken) => {
  expect(spokenSeconds(seconds)).toBe(spoken);
});
