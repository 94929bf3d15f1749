/** The interface of the lease client. */
import type { ApprovalChannel, Permission } from './approval';
import type { KeyIdentity, LeaseCredentialsProvider } from './credentials/lease-credentials';
import type { Manifest } from './manifest';

/**
 * A request for a lease of a role.
 * @example
 * const request: LeaseRequest = {
 *   reason: 'Upload release 1.4.2 to the deploy bucket, as ticket OPS-118 asks',
 *   parameters: { release: '1.4.2' },
 *   duration: 900,
 * };
 * @public
 */
export interface LeaseRequest {
  /**
   * A concrete sentence that states the task and its purpose. At least three words, two of them specific to the task;
   * no line breaks; 10 to 1,000 characters. It is shown to the approver and recorded in CloudTrail. There, each
   * character that a session tag cannot contain becomes `_`, and the text is truncated to 256 characters.
   */
  readonly reason: string;
  /** A value for each free parameter of the role, and for no other parameter. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /**
   * Duration in whole seconds: at least 900, or at least 1 with gate `broker`, and at most the role's maximum.
   * @default the role's default
   */
  readonly duration?: number;
  /**
   * A subset of the role's permissions, enforced with a session policy. Gate `broker` accepts actions only, not
   * resources.
   * @default all permissions of the role
   */
  readonly narrow?: Narrowing;
  /**
   * The gate through which the lease is requested.
   * @default `broker` if the role has this gate, because it enforces the duration; else `mfa`
   */
  readonly gate?: 'mfa' | 'broker';
  /**
   * The JWT of the signed-in user on whose behalf the lease is requested. Only for gate `broker`, which verifies the
   * token.
   * @default no user
   */
  readonly subjectToken?: string;
  /**
   * The program that will run with the lease, and its arguments. The approver sees the command below the facts, marked
   * as stated by the agent. With the broker, the command is part of the grant and covered by the grant's hash.
   * @default not stated
   */
  readonly command?: readonly string[];
  /**
   * The id of a lease that was requested before, for example in the console. It is not requested again: the client waits
   * for the answer, checks that role, reason, parameters and duration are those of this request, and collects the
   * lease. Only for gate `broker`, and without `narrow` and `command`.
   * @default a new lease is requested
   */
  readonly lease?: string;
  /** Cancels the request. @default the request is not cancelled */
  readonly signal?: AbortSignal;
  /** Called if people were asked and have not answered yet. The function must not throw. @default nothing is called */
  readonly onPending?: (pending: PendingLease) => void;
}

/**
 * A request that people must approve or deny.
 * @example
 * const onPending = ({ id, answerBy }: PendingLease) => log(`${id} waits until ${answerBy.toISOString()}`);
 * @public
 */
export interface PendingLease {
  /** Id of the lease. Approvers see the same id. */
  readonly id: string;
  readonly gate: 'mfa' | 'broker';
  /** Time at which the request lapses. */
  readonly answerBy: Date;
  /** The people who may approve or deny; empty if the broker does not return their names. */
  readonly approvers: readonly string[];
}

/**
 * Options of `leaseFor`, which requests a lease for a described task.
 * @example
 * const options: IntentOptions = { subjectToken: request.headers.authorization.slice('Bearer '.length) };
 * @public
 */
export interface IntentOptions {
  /**
   * The JWT of the signed-in user on whose behalf the lease is requested. The broker verifies the token.
   * @default no user
   */
  readonly subjectToken?: string;
  /** Cancels the request. @default the request is not cancelled */
  readonly signal?: AbortSignal;
  /** Called if people were asked and have not answered yet. The function must not throw. @default nothing is called */
  readonly onPending?: (pending: PendingLease) => void;
}

/**
 * A subset of a role's permissions: actions, resources, or both. It is an error to name actions or resources that the
 * role does not allow.
 * @example
 * const narrow: Narrowing = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/docs/*'] };
 * @public
 */
export interface Narrowing {
  /** Full action names, without wildcards. @default every action of the role */
  readonly actions?: readonly string[];
  /**
   * ARNs. A `*` or `?` may only match resources that the role covers.
   * @default every resource of the role
   */
  readonly resources?: readonly string[];
}

/**
 * The permissions and duration of an attenuated lease.
 * @example
 * const to: Attenuation = { actions: ['s3:GetObject'], duration: 60 };
 * @public
 */
export interface Attenuation extends Narrowing {
  /**
   * Whole seconds, at least 1. The attenuated lease cannot end after the original lease.
   * @default until the original lease ends
   */
  readonly duration?: number;
}

/**
 * The permissions of a lease, as they were shown to the approver.
 * @example
 * console.log(`${deploy.grant.durationSeconds} s for ${deploy.grant.reason}`);
 * @public
 */
export interface LeaseGrant {
  readonly role: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly reason: string;
  /** Duration in seconds. */
  readonly durationSeconds: number;
}

/**
 * One session of one role, for one reason and a limited time. It never renews itself.
 * @example
 * const deploy = await client.lease('s3-deploy', { reason, parameters: { release: '1.4.2' } });
 * const s3 = new S3Client({ region: 'ap-northeast-2', credentials: deploy.credentials });
 * @public
 */
export interface Lease {
  /** Id of the lease, for example `lh-01jd…`. It is also the session name in CloudTrail. */
  readonly id: string;
  readonly role: string;
  /** When AWS ends the session. */
  readonly expiresAt: Date;
  readonly grant: LeaseGrant;
  /**
   * A credentials provider for any client of the AWS SDK. Rejects with a {@link LeaseError} `expired` after the lease
   * has ended.
   */
  readonly credentials: LeaseCredentialsProvider;
  /**
   * Makes a narrower lease for a sub-agent or a single tool call, without asking a human. AWS enforces it
   * (`sts:GetScopedCredentials`), so the removed permissions cannot be regained. The id, the session name and the tags
   * stay the same.
   * @throws LeaseError `invalid-request` for what the lease does not allow, `expired`, `denied`, `unavailable`
   * @example
   * const reader = await deploy.attenuate({ actions: ['s3:GetObject'], duration: 60 });
   */
  attenuate(to: Attenuation): Promise<Lease>;
}

/**
 * Options of a lease client.
 * @example
 * const options: LeaseClientOptions = { manifest: 'leasehold.json', agent: 'agent', approval: terminal(), answerWithin: 600 };
 * @public
 */
export interface LeaseClientOptions {
  /**
   * The stack's `leasehold` output: the path of a file, the value of the output, or the text that `terraform output
   * -json` prints for all outputs or for this output.
   */
  readonly manifest: string | Manifest | object;
  /** The name of the agent in the manifest. @default the only agent */
  readonly agent?: string;
  /**
   * The channel through which gate `mfa` asks a human, for example `terminal()` of `@leasehold/runtime/terminal`. The
   * broker itself asks humans for gate `broker`.
   * @default none, so only roles with gate `broker` can be leased
   */
  readonly approval?: ApprovalChannel;
  /**
   * The agent's own credentials: the long-term key of its user, which gate `mfa` requires, or the credentials of its
   * role.
   * @default the AWS SDK's default provider chain
   */
  readonly credentials?: KeyIdentity | (() => Promise<KeyIdentity>);
  /**
   * A person who signed in with a browser and requests leases for themselves, instead of an agent. Only for roles with
   * gate `broker`.
   * @default none: an agent of the manifest requests the leases
   */
  readonly signIn?: {
    /** Returns a valid access token. Called for each call. */
    readonly token: () => Promise<string>;
  };
  /**
   * URL of STS: `https:`, or `http:` on the loopback interface. The global endpoint is rejected.
   * @default the value of `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL`; otherwise, the regional endpoint in the
   * manifest
   */
  readonly endpoint?: string;
  /**
   * URL of the broker: `https:`, or `http:` on the loopback interface.
   * @default the value of `LEASEHOLD_BROKER_URL`; otherwise, the URL of the broker in the manifest
   */
  readonly broker?: string;
  /**
   * Whole seconds within which humans must answer, from 1 to 86,400.
   * @default 300; with gate `broker`, the time that the role allows for approvals
   */
  readonly answerWithin?: number;
  /**
   * A folder in which programs of one user record for five minutes which codes they have sent, so that no program sends
   * a code again. The records do not reveal the codes. Created if it is missing, accessible to the user only.
   * `leasehold` uses `used-codes` beside the approval sockets.
   * @default none: the client remembers only the codes that it sent itself
   */
  readonly usedCodes?: string;
}

/**
 * Leases the roles of one environment for one agent, or for one person who signed in.
 * @example
 * const client: LeaseClient = createLeaseClient({ manifest: 'leasehold.json', approval: terminal() });
 * @public
 */
export interface LeaseClient {
  readonly manifest: Manifest;
  /**
   * Opens a role through its gate: with a human's code, or through the broker, whose decision is awaited. Two identical
   * concurrent requests are combined, and both get the same lease. Rejects when AWS, the human or the broker denies,
   * which is final. Three denied or lapsed requests in a row open the circuit breaker for 15 minutes.
   * @throws LeaseError every code but `expired` and `environment-not-clean`
   */
  lease(role: string, request: LeaseRequest): Promise<Lease>;
  /**
   * Opens the role that fits an intent. The broker's reviewer selects role, actions and parameters from the roles for
   * which this agent is eligible. `lease.grant` contains the result.
   * @param intent What is to be done, and for what: a sentence, by the rules of {@link LeaseRequest.reason}.
   * @throws LeaseError as {@link lease} does; `invalid-request` if the stack has no broker
   */
  leaseFor(intent: string, options?: IntentOptions): Promise<Lease>;
  /**
   * Opens a role while `work` runs, and then discards the lease. After that, the credentials provider of the lease
   * rejects, and so do the providers of leases that were attenuated from it. AWS itself ends the session when its time
   * is over.
   * @throws LeaseError as {@link lease} does, and the errors of `work`
   */
  withLease<T>(role: string, request: LeaseRequest, work: (lease: Lease) => Promise<T>): Promise<T>;
}
