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
    changedAt: 1_800_000_000,
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
  capacities: ['requester'],
  policy: 'Works in support.',
  groups: ['support'],
  version: 0,
} as const;
const ROLE = {
  name: 's3-deploy',
  arn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
  purpose: 'Upload build artefacts under one release.',
  access: 'write',
  actions: ['s3:PutObject'],
  policy: {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Action: 's3:PutObject',
      Resource: 'arn:aws:s3:::hermes-dev-deploy/${aws:PrincipalTag/param.release}/*',
    },
  },
  parameters: {
    release: { description: 'Release folder', pattern: '[0-9.]+' },
    who: { description: '', from: 'subject.sub' },
  },
  lease: { defaultSeconds: 900, maxSeconds: 900 },
  humans: 1,
  reviewer: 'decide',
};
const EVENT = { lease: LEASE_ID, sequence: 1, at: 1_800_000_000, previous: '', body: { type: 'requested', asked: {} } };

const BYTES = 'A'.repeat(43);
const CONSENT = {
  assertion: {
    type: 'webauthn.assertion/1',
    credential: BYTES,
    clientData: BYTES,
    authenticatorData: 'A'.repeat(50),
    signature: BYTES,
    nonce: BYTES,
  },
  ticket: '1800000000.x',
} as const;
const KEYS = { person: 'lead', events: [{ ...EVENT, lease: 'keys#lead', body: { type: 'code-refused' } }] };
const CREATION = { credential: BYTES, clientData: BYTES, attestation: BYTES };

const PROPOSAL = {
  role: 's3-deploy',
  parameters: { release: '1.4.2' },
  actions: ['s3:PutObject'],
  seconds: 300,
  humans: 2,
};

/** Good answers. */
export const ANSWERS: Readonly<Record<Operation, readonly object[]>> = {
  request: [{ lease: aView() }, aHandover()],
  propose: [PROPOSAL, { ...PROPOSAL, sentence: 'It uploads one release.', risk: 'low' }],
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
  revocations: [
    { record: 'revocations', events: [], shut: [] },
    {
      record: 'revocations',
      events: [{ ...EVENT, lease: 'revocations', body: { type: 'leases-revoked' } }],
      unauthentic: [1],
      next: 1,
      shut: [{ role: 's3-deploy', until: 1_800_000_900, tag: 'present', policy: 'none' }],
    },
  ],
  roles: [{ roles: [ROLE] }, { roles: [ROLE], proposes: true }],
  principals: [{ principals: [PRINCIPAL] }],
  principal: [PRINCIPAL],
  putPrincipal: [{ ...PRINCIPAL, version: 1, changedBy: 'root', changedAt: 1_800_000_000 }],
  principalEvents: [
    {
      record: 'settings#alice',
      events: [{ ...EVENT, lease: 'settings#alice', body: { type: 'principal-set' } }],
      next: 1,
    },
  ],
  budgets: [
    {
      requests: { limit: 60, windowSeconds: 3600 },
      denials: { limit: 3, windowSeconds: 3600 },
      requesters: [
        {
          name: 'agent',
          kind: 'agent',
          roles: ['s3-deploy'],
          requests: { used: 1 },
          denials: { used: 3, retryAfter: 9 },
        },
      ],
    },
  ],
  groups: [
    {
      signIn: { requester: '*', approver: ['leads'], administrator: ['security'] },
      groups: [{ name: 'ops', members: ['alice'], roles: ['ops-read'] }],
      roles: [{ name: 'ops-read', humans: 1, reviewer: 'off', groups: ['ops'], agents: [] }],
    },
    { groups: [], roles: [] },
  ],
  nonce: [
    {
      nonce: BYTES,
      ticket: 'x',
      expiresAt: 1_800_000_300,
      relyingParty: { id: 'leases.example.com', origin: 'https://leases.example.com' },
      person: 'lead',
      environment: 'hermes/dev/123456789012',
    },
  ],
  keys: [KEYS, { ...KEYS, unauthentic: [1] }],
  issueCode: [KEYS],
  registerKey: [KEYS],
  removeKey: [KEYS],
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
  propose: [
    [{ intent: 'Show customer 4711 their transactions' }, true],
    [{ intent: 'Show customer 4711 their transactions', subjectToken: 'a.b.c' }, true],
    [{ intent: 'Show customer 4711 their transactions', role: 's3-deploy' }, false],
    [{ intent: 'too short' }, false],
    [{ role: 's3-deploy', reason: REASON }, false],
  ],
  issueCode: [
    [{ code: HASH, until: 1_800_000_900, administrator: true }, true],
    [{ code: HASH, until: 1_800_000_900, administrator: false, consent: CONSENT }, true],
    [{ code: 'the code itself', until: 1_800_000_900, administrator: false }, false],
    [{ code: HASH, until: 1_800_000_900 }, false],
  ],
  registerKey: [
    [{ label: 'Laptop', creation: CREATION, consent: CONSENT }, true],
    [{ label: 'Laptop', creation: CREATION, consent: CONSENT, code: 'a'.repeat(26) }, true],
    [{ label: 'Laptop', creation: CREATION, consent: CONSENT, code: 'short' }, false],
    [{ label: 'Two\nlines', creation: CREATION, consent: CONSENT }, false],
    [{ label: 'Laptop', creation: CREATION }, false],
  ],
  removeKey: [
    [{ key: BYTES, because: 'It was lost.', consent: CONSENT }, true],
    [{ key: BYTES, because: 'It was lost.' }, false],
    [{ key: '=', because: 'It was lost.', consent: CONSENT }, false],
  ],
  approve: [
    [{ hash: HASH }, true],
    [{ hash: HASH, consent: CONSENT }, true],
    [{ hash: HASH, consent: { ...CONSENT, assertion: { ...CONSENT.assertion, signature: '+' } } }, false],
    [{ hash: HASH, consent: { ...CONSENT, assertion: { ...CONSENT.assertion, nonce: 'short' } } }, false],
    [{ hash: 'A'.repeat(64) }, false],
    [{ hash: HASH, lease: LEASE_ID }, false],
  ],
  deny: BECAUSE,
  revoke: BECAUSE,
  revokeMany: [
    [{ role: 's3-deploy', because: 'It was abused.' }, true],
    [{ all: true, because: 'It was abused.' }, true],
    [{ requester: 'alice', because: 'It was abused.', consent: CONSENT }, true],
    [{ requester: 'a b', because: 'It was abused.' }, false],
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
