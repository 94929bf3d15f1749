/** A question to an approver, for a test that overrides only what it speaks of. */
import type { ApprovalRequest } from '@leasehold/runtime';

export function anApprovalRequest(overrides: Partial<ApprovalRequest> = {}): ApprovalRequest {
  return {
    id: 'lh-01jd0000000000000000000000',
    role: 's3-deploy',
    roleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
    purpose: 'Upload build artefacts under one release.',
    project: 'hermes',
    environment: 'dev',
    account: '123456789012',
    agent: 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent',
    reason: 'Upload release 1.4.2 to the deploy bucket',
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
        conditions: { StringLike: { 's3:prefix': ['1.4.2/*', '1.4.2'] } },
      },
    ],
    durationSeconds: 900,
    expiresAt: new Date('2027-01-01T00:15:00Z'),
    answerBy: new Date('2027-01-01T00:05:00Z'),
    approvers: ['lead', 'oncall'],
    ...overrides,
  };
}
