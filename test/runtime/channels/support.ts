/** What the tests of the approval channels share: a request, and waiting for something to become true. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApprovalRequest } from '../../../runtime/src/approval';
import { LeaseError } from '../../../runtime/src/lease-error';

/** A request as a client makes it, that lapses in a minute. */
export function requestOf(changes: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'lh-01jd3m8q4v7x2k9p5r6t0w1y2z',
    role: 's3-deploy',
    roleArn: 'arn:aws:iam::123456789012:role/agents/hermes-dev-s3-deploy',
    purpose: 'Upload build artefacts under one release of the deploy bucket. No delete.',
    project: 'hermes',
    environment: 'dev',
    account: '123456789012',
    agent: 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent',
    reason: 'Deploy release 1.4.2 of the shop.',
    parameters: { release: '1.4.2' },
    permissions: [
      {
        effect: 'Allow',
        actions: ['s3:GetObject', 's3:PutObject'],
        resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'],
        conditions: {},
      },
      {
        effect: 'Allow',
        actions: ['s3:ListBucket'],
        resources: ['arn:aws:s3:::hermes-dev-deploy'],
        conditions: { StringLike: { 's3:prefix': ['1.4.2/*'] } },
      },
    ],
    durationSeconds: 900,
    expiresAt: new Date('2027-01-01T09:45:00Z'),
    answerBy: new Date(Date.now() + 60_000),
    approvers: ['oncall', 'lead'],
    ...changes,
  };
}

/** Everything that an approver must be shown of {@link requestOf}. */
export const SHOWN = [
  's3-deploy',
  's3:GetObject, s3:PutObject',
  'arn:aws:s3:::hermes-dev-deploy/1.4.2/*',
  's3:prefix',
  'release = 1.4.2',
  'Deploy release 1.4.2 of the shop.',
  'arn:aws:iam::123456789012:user/agents/hermes-dev-agent',
  '2027-01-01 09:45:00 UTC',
];

/** A signal that nobody aborts. */
export function never(): { readonly signal: AbortSignal } {
  return { signal: new AbortController().signal };
}

/** The {@link LeaseError} that a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<LeaseError> {
  const error = await promise.then(
    () => new Error('It was fulfilled.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof LeaseError) return error;
  throw error;
}

/** Waits until a value is there. The test's own time limit ends it. */
export async function eventually<T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    await sleep(5);
  }
}
