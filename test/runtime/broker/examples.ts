/** Examples of what goes over the wire: one answer, at least, of every operation, and bodies that are right or wrong. */
import type { Collected, LeaseView } from '@leasehold/contract';
import type { Operation } from '@leasehold/contract/routes';

export const LEASE_ID = 'lh-01jd0000000000000000000000';
export const HASH = 'a'.repeat(64);
export const REASON = 'Upload release 1.4.2 to the deploy bucket';

/** A lease as the broker shows it. */
export function aView(overrides: Partial<LeaseView> = {}): LeaseView {
  return {
    id: LEASE_ID,
    state: 'pending',
    environment: 'dev',
    requester: 'agent',
    requestedAt: 1_800_000_000,
    sequence: 2,
    grant: {
      role: 's3-deploy',
      roleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
      purpose: 'Upload build artefacts under one release.',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/*',
          },
        ],
      },
      parameters: { release: '1.4.2' },
      seconds: 900,
      reason: REASON,
      hash: HASH,
    },
    approval: { humans: 1, approvals: [], approvers: ['lead', 'oncall'], until: 1_800_001_800 },
    collected: false,
    ...overrides,
  };
}

/** A lease that was handed over. */
export function aHandover(overrides: Partial<Collected['credentials']> = {}): Collected {
  return {
    lease: aView({ state: 'issued', sequence: 5, collected: true, expiresAt: 1_800_000_900 }),
    credentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
      expiresAt: 1_800_000_900,
      ...overrides,
    },
  };
}

const PRINCIPAL = {
  name: 'alice',
  kind: 'person',
  policy: 'Works in support.',
  groups: ['support'],
  version: 0,
} as const;
const ROLE = {
  name: 's3-deploy',
  purpose: 'Upload build artefacts under one release.',
  access: 'write',
  actions: ['s3:PutObject'],
  parameters: {
    release: { description: 'Release folder', pattern: '[0-9.]+' },
    who: { description: '', from: 'subject.sub' },
  },
  lease: { defaultSeconds: 900, maxSeconds: 900 },
  humans: 1,
  reviewer: 'decide',
};
const EVENT = { lease: LEASE_ID, sequence: 1, at: 1_800_000_000, previous: '', body: { type: 'requested', asked: {} } };

/** Good answers. */
export const ANSWERS: Readonly<Record<Operation, readonly object[]>> = {
  request: [{ lease: aView() }, aHandover()],
  leases: [
    {
      leases: [aView(), aView({ state: 'denied', code: 'approver-denied', because: 'Not now.' })],
      broken: ['lh-00000000000000000000000009'],
      next: 'x',
    },
  ],
  status: [
    aView({ subject: 'u-1', review: { model: 'bedrock x', decision: 'allow', risk: 'low', sentence: 'Fits.' } }),
  ],
  events: [{ events: [EVENT] }],
  collect: [aHandover()],
  console: [
    { lease: aView({ state: 'issued' }), url: 'https://signin.aws.amazon.com/federation?x', expiresAt: 1_800_000_900 },
  ],
  approve: [aView({ state: 'approved' })],
  deny: [aView({ state: 'denied', code: 'approver-denied', because: 'Not now.' })],
  revoke: [{ leases: [LEASE_ID], shut: {} }],
  revokeMany: [{ leases: [], shut: { 's3-deploy': 1_800_000_900 } }],
  roles: [{ roles: [ROLE] }],
  principals: [{ principals: [PRINCIPAL] }],
  principal: [PRINCIPAL],
  putPrincipal: [{ ...PRINCIPAL, version: 1, changedBy: 'root', changedAt: 1_800_000_000 }],
};

const BECAUSE: readonly (readonly [object, boolean])[] = [
  [{ because: 'Not on a Friday.' }, true],
  [{ because: 'n' }, false],
  [{ because: 'Two\nlines' }, false],
  [{}, false],
];

/** Bodies, and whether the contract takes them. */
export const BODIES: Readonly<Partial<Record<Operation, readonly (readonly [object, boolean])[]>>> = {
  request: [
    [{ role: 's3-deploy', reason: REASON }, true],
    [
      { role: 's3-deploy', reason: REASON, parameters: { release: '1.4.2' }, actions: ['s3:GetObject'], seconds: 1 },
      true,
    ],
    [{ role: 's3-deploy', reason: REASON, subjectToken: 'a.b.c' }, true],
    [{ intent: 'Show customer 4711 their transactions' }, true],
    [{ intent: 'Show customer 4711 their transactions', role: 's3-deploy' }, false],
    [{ role: 's3-deploy', reason: REASON, resources: ['*'] }, false],
    [{ role: 's3-deploy', reason: REASON, subject: 'alice' }, false],
    [{ role: 's3-deploy', reason: 'too short' }, false],
    [{ role: 's3-deploy', reason: 'a reason of\ntwo lines' }, false],
    [{ role: 's3-deploy', reason: REASON, actions: ['s3:*'] }, false],
    [{ role: 's3-deploy', reason: REASON, actions: [] }, false],
    [{ role: 's3-deploy', reason: REASON, seconds: 3601 }, false],
    [{ role: 's3-deploy', reason: REASON, seconds: 1.5 }, false],
    [{ role: 's3-deploy', reason: REASON, subjectToken: 'not a token' }, false],
    [{ role: 'S3', reason: REASON }, false],
    [{ reason: REASON }, false],
  ],
  approve: [
    [{ hash: HASH }, true],
    [{ hash: 'A'.repeat(64) }, false],
    [{ hash: HASH, lease: LEASE_ID }, false],
  ],
  deny: BECAUSE,
  revoke: BECAUSE,
  revokeMany: [
    [{ role: 's3-deploy', because: 'It was abused.' }, true],
    [{ all: true, because: 'It was abused.' }, true],
    [{ all: false, because: 'It was abused.' }, false],
    [{ all: true, role: 's3-deploy', because: 'It was abused.' }, false],
    [{ because: 'It was abused.' }, false],
  ],
  putPrincipal: [
    [{ policy: 'Works in support.', groups: ['support'], version: 3 }, true],
    [{ policy: '', groups: [], version: 0 }, true],
    [{ policy: 'x'.repeat(4001), groups: [], version: 0 }, false],
    [{ policy: '', groups: ['Support Team'], version: 0 }, false],
    [{ policy: '', groups: [], version: -1 }, false],
    [{ policy: '', groups: [] }, false],
  ],
};
