/**
 * The log of the proxy: one line of JSON for each call, in CloudTrail's format. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { defined } from '@leasehold/contract/defined';
import type { Lease } from '@leasehold/runtime';
import type { MappedCall, RawRequest } from '@leasehold/sandbox/requests';

/** What is known about a call when it ends. */
export interface LoggedCall {
  readonly raw: RawRequest;
  readonly id: string;
  /** AWS's id of the request, as in CloudTrail. */
  readonly requestId?: string | undefined;
  readonly region: string;
  readonly eventSource: string;
  readonly operation?: string | undefined;
  readonly mapped?: MappedCall | undefined;
  /** Name of the client whose signature was verified. */
  readonly client?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Whether the call was sent to AWS. */
  readonly isForwarded: boolean;
}

/** The session in which the calls are made. */
export interface LoggedSession {
  readonly lease: Pick<Lease, 'id' | 'role' | 'grant'>;
  readonly roleArn: string;
  /** Key id of the lease, as in CloudTrail. */
  readonly accessKeyId: string;
  readonly account: string;
}

/** Where the lines of the log go. */
export interface LogTarget {
  /** Writes a line. Throws if that fails. */
  write(line: string): void;
  close(): void;
}

/**
 * Opens a log file, which only its owner can read. Lines are added to an existing file.
 * @throws the system's error
 */
export function logFile(path: string): LogTarget {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
  const fd = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  return { write: (line) => writeAll(fd, line), close: () => closeSync(fd) };
}

export class CallLog {
  readonly #session: LoggedSession;
  readonly #target: Pick<LogTarget, 'write'>;
  #isBroken = false;

  constructor(session: LoggedSession, target: Pick<LogTarget, 'write'>) {
    this.#session = session;
    this.#target = target;
  }

  /** Whether a line could not be written. From then on, no call may be made. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Writes a call. Throws if that fails. */
  append(call: LoggedCall): void {
    try {
      this.#target.write(`${JSON.stringify(this.#event(call))}\n`);
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  #event({ raw, mapped, error, client, ...call }: LoggedCall): object {
    const { lease, roleArn, accessKeyId, account } = this.#session;
    const needs = mapped?.needs ?? [];
    const resources = [...new Set(needs.map(({ resource }) => resource))].filter((resource) => resource !== '*');
    return {
      eventVersion: '1.11',
      userIdentity: {
        type: 'AssumedRole',
        accountId: account,
        accessKeyId,
        sessionContext: { sessionIssuer: { type: 'Role', arn: roleArn, accountId: account } },
      },
      eventTime: `${new Date().toISOString().slice(0, 19)}Z`,
      eventSource: call.eventSource,
      eventName: mapped?.operation ?? call.operation ?? 'Unknown',
      awsRegion: call.region,
      sourceIPAddress: raw.sourceIp,
      userAgent: raw.headers['user-agent'] ?? '',
      ...defined({ errorCode: error?.code, errorMessage: error?.message }),
      requestParameters: mapped?.parameters ?? null,
      responseElements: null,
      requestID: call.requestId ?? call.id,
      eventID: call.id,
      eventType: 'AwsApiCall',
      recipientAccountId: account,
      resources: resources.map((ARN) => ({ ARN })),
      additionalEventData: {
        lease: lease.id,
        role: lease.role,
        reason: lease.grant.reason,
        ...defined({ client }),
        actions: needs.map(({ action, resource }) => ({ action, resource })),
        forwarded: call.isForwarded,
      },
    };
  }
}

function writeAll(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
