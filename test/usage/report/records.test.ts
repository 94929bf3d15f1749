/** The broker's records, joined by lease id. */
import {
  askedAndGranted,
  gather,
  joinLeaseRecords,
  readLeaseRecords,
  TrailError,
  usageJson,
  usageOf,
} from '@leasehold/usage';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, anIssue, aUnit, trailFile } from '../support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });
const AT = Date.UTC(2026, 10, 20) / 1000;

const requested = (asked: object) => ({
  type: 'requested',
  requester: { kind: 'agent', name: 'agent', key: '123456789012 user/agents/hermes-dev-agent', groups: [] },
  asked,
});
const proposed = (lease: string, environmentName = 'dev') => ({
  type: 'proposed',
  humans: 1,
  approvers: ['lead'],
  until: AT + 600,
  grant: {
    version: 1,
    project: 'hermes',
    environment: environmentName,
    account: '123456789012',
    role: 's3-deploy',
    roleArn: 'arn:aws:iam::123456789012:role/x',
    policy: { Version: '2012-10-17', Statement: [] },
    parameters: {},
    tags: { 'lease-id': lease },
    sourceIdentity: 'agent',
    seconds: 900,
    requester: 'k',
    reason: 'Upload build 1.4.2 for the \u202e release',
  },
});
const issued = { type: 'issued', hash: 'h', until: AT + 900 };
const recordOf = (lease: string, bodies: readonly object[]) => ({
  lease,
  events: bodies.map((body, index) => ({
    lease,
    sequence: index + 1,
    at: AT + index,
    previous: index === 0 ? '' : 'h',
    body,
  })),
});
const text = (leases: readonly object[]) => JSON.stringify({ format: 'leasehold.audit/1', leases, people: [] });
const holds = () => undefined;

const ASKED = { role: 's3-deploy', reason: 'Upload build 1.4.2' };
const FIVE = [
  recordOf('lh-issued', [
    requested(ASKED),
    proposed('lh-issued'),
    { type: 'approved', by: { name: 'lead' }, hash: 'h' },
    issued,
  ]),
  recordOf('lh-denied', [
    requested(ASKED),
    { type: 'denied', by: 'broker', code: 'over-budget', because: 'Too many.' },
  ]),
  recordOf('lh-lapsed', [requested(ASKED), proposed('lh-lapsed'), { type: 'lapsed' }]),
  recordOf('lh-other', [requested({ role: 'another' })]),
  recordOf('lh-prod', [requested(ASKED), proposed('lh-prod', 'prod'), issued]),
];

it('joins requests that never reached STS, approvals and reasons', async () => {
  const records = readLeaseRecords(text(FIVE), 'x', holds);
  expect(records.broken).toEqual([]);
  const units = [
    aUnit(
      trailFile([anIssue(role, 'lh-issued'), aCall(role, 's3.ListBuckets', {}, 'lh-issued'), anIssue(role, 'lh-mfa')]),
    ),
  ];
  const gathered = await gather([environment], { units });
  const usage = usageOf(gathered);
  expect(usage.map((each) => askedAndGranted(each, records.records))).toEqual([{ asked: 4, granted: 2, refused: 2 }]);
  const [found] = usageJson(gathered, usage, records).roles;
  expect(
    found?.leases.map(({ lease, granted, outcome, approvedBy, calls, denialCode }) => [
      lease,
      granted,
      outcome,
      approvedBy,
      calls,
      denialCode,
    ]),
  ).toEqual([
    ['lh-issued', true, 'issued', ['lead'], 1, undefined],
    ['lh-mfa', true, undefined, [], 0, undefined],
    ['lh-denied', false, 'denied', [], 0, 'over-budget'],
    ['lh-lapsed', false, 'lapsed', [], 0, undefined],
  ]);
});

it.each<[what: string, record: object, verify: () => string | undefined]>([
  ['does not verify', FIVE[0] as object, () => 'the chain is broken'],
  ['has an event that nobody knows', recordOf('lh-1', [{ type: 'surprise' }]), holds],
  ['could not be listed', { ...(FIVE[0] as object), unreadable: true }, holds],
  ['has an event that the broker did not write', { ...(FIVE[0] as object), unauthentic: [2] }, holds],
])('leaves out and names a record that %s', (_, record, verify) => {
  const { records, broken } = readLeaseRecords(text([record]), 'x', verify);
  expect([records.size, broken]).toEqual([0, [(record as { readonly lease: string }).lease]]);
});

it('believes neither of two records with one id', () => {
  const [first] = FIVE;
  const { records, broken } = readLeaseRecords(text([first, first, first].map((each) => each as object)), 'x', holds);
  expect([records.size, broken]).toEqual([0, ['lh-issued']]);
});

it.each(['', '{}', text(FIVE).replace('audit/1', 'audit/2'), `${text(FIVE).slice(0, -1)},"people":[]}`])(
  'rejects what is no exported audit: %.30s',
  (bad) => expect(() => readLeaseRecords(bad, 'x', holds)).toThrow(TrailError),
);

it.each<[what: string, files: readonly (readonly object[])[], leases: readonly string[], broken: readonly string[]]>([
  [
    'joins different leases',
    [[recordOf('lh-1', [requested(ASKED)])], [recordOf('lh-2', [requested(ASKED)])]],
    ['lh-1', 'lh-2'],
    [],
  ],
  [
    'counts the same record once',
    [[recordOf('lh-1', [requested(ASKED)])], [recordOf('lh-1', [requested(ASKED)])]],
    ['lh-1'],
    [],
  ],
  [
    'believes neither of two records that differ',
    [
      [recordOf('lh-1', [requested(ASKED)])],
      [recordOf('lh-1', [requested(ASKED), { type: 'lapsed' }]), recordOf('lh-2', [requested(ASKED)])],
    ],
    ['lh-2'],
    ['lh-1'],
  ],
  [
    'does not believe a record that is broken in another file',
    [[recordOf('lh-1', [{ type: 'surprise' }])], [recordOf('lh-1', [requested(ASKED)])]],
    [],
    ['lh-1'],
  ],
  [
    'does not believe a third file about a lease whose records differ',
    [
      [recordOf('lh-1', [requested(ASKED)])],
      [recordOf('lh-1', [requested({ role: 'other' })])],
      [recordOf('lh-1', [requested(ASKED)])],
    ],
    [],
    ['lh-1'],
  ],
])('%s', (_, files, leases, broken) => {
  const read = files.map((each, index) => readLeaseRecords(text(each), `${index}`, holds));
  for (const order of [read, read.toReversed()]) {
    const joined = joinLeaseRecords(order);
    expect([[...joined.records.keys()].sort(), joined.broken]).toEqual([leases, broken]);
  }
});
