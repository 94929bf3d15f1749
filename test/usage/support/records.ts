/** CloudTrail records of leases of `hermes-dev`, which a test changes in one place. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { roleArn, roleName } from '@leasehold/documents';
import { type Gathered, gather, type SourceKind, type StreamReader, type TrailUnit } from '@leasehold/usage';
import type { Environment, Role } from '../../../lib/definitions/model';
import { anEnvironment } from '../../support/environment';

export type Fields = Record<string, unknown>;

let number = 0;

/** Identity of a lease. */
export function identityOf(role: Role, environment: Environment = anEnvironment(), session = 'lh-1'): Fields {
  const name = roleName(role, environment);
  const { account, partition } = environment;
  return {
    type: 'AssumedRole',
    principalId: `AROAEXAMPLE1234567:${session}`,
    arn: `arn:${partition}:sts::${account}:assumed-role/${name}/${session}`,
    accountId: account,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: 'AROAEXAMPLE1234567',
        arn: roleArn(role, environment),
        accountId: account,
        userName: name,
      },
      attributes: {},
    },
  };
}

/** A record of a call with everything that CloudTrail writes. */
export function aRecord(overrides: Fields = {}): Fields {
  number += 1;
  return {
    eventVersion: '1.09',
    userIdentity: { type: 'IAMUser', accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/somebody' },
    eventTime: '2026-11-20T10:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'PutObject',
    awsRegion: 'ap-northeast-2',
    requestParameters: null,
    responseElements: null,
    requestID: `r-${number}`,
    eventID: `e-${number}`,
    readOnly: false,
    managementEvent: true,
    eventCategory: 'Management',
    recipientAccountId: '123456789012',
    ...overrides,
  };
}

/** A call of a lease: `dynamodb.DescribeTable`. */
export function aCall(
  role: Role,
  call: string,
  overrides: Fields = {},
  session = 'lh-1',
  environment = anEnvironment(),
): Fields {
  const [service = '', eventName = ''] = call.split('.');
  const reads = /^(?:Get|List|Describe|Head)/.test(eventName);
  return aRecord({
    userIdentity: identityOf(role, environment, session),
    eventSource: `${service}.amazonaws.com`,
    eventName,
    readOnly: reads,
    recipientAccountId: environment.account,
    ...overrides,
  });
}

/** STS issues a session of a role to the agent. */
export function anIssue(role: Role, session = 'lh-1', overrides: Fields = {}, environment = anEnvironment()): Fields {
  return aRecord({
    userIdentity: {
      type: 'IAMUser',
      accountId: environment.account,
      arn: `arn:aws:iam::${environment.account}:user/agents/hermes-${environment.name}-agent`,
    },
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    readOnly: true,
    recipientAccountId: environment.account,
    requestParameters: {
      roleArn: roleArn(role, environment),
      roleSessionName: session,
      sourceIdentity: 'hermes-dev-agent',
      tags: [
        { key: 'lease-id', value: session },
        { key: 'reason', value: 'Upload build 1.4.2' },
      ],
    },
    responseElements: { assumedRoleUser: { arn: 'arn:aws:sts::123456789012:assumed-role/x/y' } },
    ...overrides,
  });
}

/** Events of other identities that show what the trail records: reads and changes in two regions, and of KMS. */
export function evidence(account = '123456789012'): readonly Fields[] {
  const identity = { type: 'AWSService', invokedBy: 'config.amazonaws.com' };
  const each = (overrides: Fields) => aRecord({ userIdentity: identity, recipientAccountId: account, ...overrides });
  return [
    each({ eventSource: 'ec2.amazonaws.com', eventName: 'DescribeVpcs', readOnly: true }),
    each({ eventSource: 'ec2.amazonaws.com', eventName: 'CreateTags', readOnly: false, awsRegion: 'us-east-1' }),
    each({ eventSource: 'kms.amazonaws.com', eventName: 'Decrypt', readOnly: true }),
  ];
}

export function trailFile(records: readonly Fields[]): Buffer {
  return gzipSync(JSON.stringify({ Records: records }));
}

/** A unit of bytes in memory. */
export function aUnit(bytes: Buffer, overrides: Partial<TrailUnit> = {}): TrailUnit {
  return {
    kind: 'trail',
    place: 'memory',
    fingerprint: '1',
    size: bytes.length,
    read: async (reader: StreamReader) => {
      const { readStream } =
        require('../../../lib/usage/read/stream') as typeof import('../../../lib/usage/read/stream');
      await readStream(chunksOf(bytes, 1000), reader);
    },
    ...overrides,
  };
}

export async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** What some records show of some environments. */
export function gatheredFrom(
  records: readonly Fields[],
  environments: readonly Environment[],
  kind: SourceKind = 'trail',
): Promise<Gathered> {
  return gather(environments, { units: [aUnit(trailFile(records), { kind })] });
}

/** A temporary folder with files; it is removed afterwards. */
export async function withFolder<T>(
  files: Readonly<Record<string, string | Buffer>>,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-usage-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
