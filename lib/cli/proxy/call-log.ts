/**
 * The log of the proxy: one line of JSON for each call, in CloudTrail's format. Source:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { defined } from '@leasehold/contract/defined';
import { visible, visibleJson } from '@leasehold/contract/text';
import type { Lease } from '@leasehold/runtime';
import { OTHERS } from '@leasehold/runtime/internal';
import type { MappedCall, RawRequest } from '@leasehold/sandbox/requests';
import { UsageError } from '../exit';

/** What is known about a call when it ends. */
export interface LoggedCall {
  readonly raw: RawRequest;
  readonly id: string;
  /** AWS's id of the request, as in CloudTrail. */
  readonly requestId?: string | undefined;
  readonly region: string;
  readonly eventSource: string;
  /** CloudTrail's `eventName` of a call that was not mapped. */
  readonly operation?: string | undefined;
  readonly mapped?: MappedCall | undefined;
  /** Name of the client whose signature was verified. */
  readonly client?: string | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Whether the call was sent to AWS. */
  readonly isForwarded: boolean;
  /** The session of a call with its own lease. */
  readonly session?: LoggedSession | undefined;
  /**
   * Whether a human approved the call. Undefined if the call needs no approval, or if it ended before it was decided,
   * for example because its client left.
   */
  readonly isApproved?: boolean | undefined;
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
 * Opens a log file that only its owner can read. New lines are added at the end of an existing file.
 * @throws UsageError if the existing file is not a regular file, belongs to another user, or is open to other users;
 * otherwise the system's error
 */
export function logFile(path: string): LogTarget {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  // Without O_NONBLOCK, opening a named pipe would wait for its reader.
  const fd = openSync(path, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK, 0o600);
  const fault = faultOf(fd);
  if (fault !== undefined) {
    closeSync(fd);
    throw new UsageError(`the log ${visible(path)} ${fault}`, {
      expected: 'a new file, or a file of yours with mode 0600',
      hint: 'Specify another file with --log, or correct the owner and the mode of this file.',
    });
  }
  return { write: (line) => writeAll(fd, line), close: () => closeSync(fd) };
}

/** Why a file cannot be the log, as the end of a sentence that begins with its path. The lines name what the agent does. */
function faultOf(fd: number): string | undefined {
  const file = fstatSync(fd);
  if (!file.isFile()) return 'is not a regular file';
  if (process.getuid !== undefined && file.uid !== process.getuid()) return 'belongs to another user';
  return (file.mode & OTHERS) === 0 ? undefined : 'can be read or written by other users';
}

export class CallLog {
  readonly #session: LoggedSession;
  readonly #target: Pick<LogTarget, 'write'>;
  #isBroken = false;

  constructor(session: LoggedSession, target: Pick<LogTarget, 'write'>) {
    this.#session = session;
    this.#target = target;
  }

  /** Whether a line could not be written. After such a failure, no call may be made. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Writes a call. Throws if that fails. */
  append(call: LoggedCall): void {
    try {
      // The line contains texts of the client, and may be written to a terminal.
      this.#target.write(`${visibleJson(JSON.stringify(this.#event(call)))}\n`);
    } catch (error) {
      this.#isBroken = true;
      throw error;
    }
  }

  #event({ raw, mapped, error, client, ...call }: LoggedCall): object {
    const { lease, roleArn, accessKeyId, account } = call.session ?? this.#session;
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
        ...defined({ approved: call.isApproved }),
      },
    };
  }
}

function writeAll(fd: number, line: string): void {
  const bytes = Buffer.from(line);
  for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
}
