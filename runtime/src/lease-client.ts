/** The contract of the client that leases roles. */
import type { ApprovalChannel, Permission } from './approval';
import type { KeyIdentity, LeaseCredentialsProvider } from './credentials/lease-credentials';
import type { Manifest } from './manifest';

/**
 * What a lease is asked for.
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
   * A concrete sentence: what is to be done, and for what. Three words at least, of which two say something; no line
   * breaks; 10 to 1,000 characters. It is shown to the approver, and recorded in CloudTrail: there each character that a
   * session tag cannot hold is a `_`, and what is beyond 256 characters is cut.
   */
  readonly reason: string;
  /** A value for each parameter of the role that is free to choose, and no other. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whole seconds: from 900, or with gate `broker` from 1, to the role's longest. @default the role's own */
  readonly duration?: number;
  /**
   * Less than the role allows: becomes a session policy. With gate `broker` actions alone: nobody names a resource there.
   * @default everything the role allows
   */
  readonly narrow?: Narrowing;
  /** Which gate of the role opens it. @default `broker` where the role has it, since its minutes are enforced; else `mfa` */
  readonly gate?: 'mfa' | 'broker';
  /** The JWT of the signed-in user on whose behalf is asked; gate `broker` only, which verifies it. @default nobody's */
  readonly subjectToken?: string;
  /**
   * The program and its arguments that will run with the lease. The approver reads them below the facts, as what the agent
   * says; of the broker's grant they are a part, which its hash covers. @default nothing is said of it
   */
  readonly command?: readonly string[];
  /** Takes the request back. @default nothing does */
  readonly signal?: AbortSignal;
}

/**
 * What a lease is asked for by intent.
 * @example
 * const options: IntentOptions = { subjectToken: request.headers.authorization.slice('Bearer '.length) };
 * @public
 */
export interface IntentOptions {
  /** The JWT of the signed-in user on whose behalf is asked. The broker verifies it. @default nobody's */
  readonly subjectToken?: string;
  /** Takes the request back. @default nothing does */
  readonly signal?: AbortSignal;
}

/**
 * A subset of what a role allows: actions, resources, or both. Nothing may be named that the role does not allow.
 * @example
 * const narrow: Narrowing = { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/docs/*'] };
 * @public
 */
export interface Narrowing {
  /** Actions by their whole names, without wildcards. @default every action of the role */
  readonly actions?: readonly string[];
  /** ARNs; `*` and `?` may stand only for what the role's own resources cover. @default every resource of the role */
  readonly resources?: readonly string[];
}

/**
 * What an attenuated lease keeps.
 * @example
 * const to: Attenuation = { actions: ['s3:GetObject'], duration: 60 };
 * @public
 */
export interface Attenuation extends Narrowing {
  /** Whole seconds, at least 1; the end of the lease is its end at the latest. @default until the lease ends */
  readonly duration?: number;
}

/**
 * What a lease permits: what the approver was shown.
 * @example
 * console.log(`${deploy.grant.durationSeconds} s for ${deploy.grant.reason}`);
 * @public
 */
export interface LeaseGrant {
  readonly role: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly reason: string;
  /** Length in seconds. */
  readonly durationSeconds: number;
}

/**
 * One time-bounded session of one role for one reason. It never renews itself.
 * @example
 * const deploy = await client.lease('s3-deploy', { reason, parameters: { release: '1.4.2' } });
 * const s3 = new S3Client({ region: 'ap-northeast-2', credentials: deploy.credentials });
 * @public
 */
export interface Lease {
  /** For example `lh-01jd…`; also the session's name in CloudTrail. */
  readonly id: string;
  readonly role: string;
  /** When AWS ends it. */
  readonly expiresAt: Date;
  readonly grant: LeaseGrant;
  /** For any client of the AWS SDK; rejects with a {@link LeaseError} `expired` once the lease is over. */
  readonly credentials: LeaseCredentialsProvider;
  /**
   * A lease of less, for a sub-agent or a single tool call. Asks no human; AWS cuts it (`sts:GetScopedCredentials`), so
   * what was taken away cannot be had back. Keeps the id, the session's name and its tags.
   * @throws LeaseError `invalid-request` for what the lease does not allow, `expired`, `denied`, `unavailable`
   * @example
   * const reader = await deploy.attenuate({ actions: ['s3:GetObject'], duration: 60 });
   */
  attenuate(to: Attenuation): Promise<Lease>;
}

/**
 * How a client is made.
 * @example
 * const options: LeaseClientOptions = { manifest: 'leasehold.json', agent: 'agent', approval: terminal(), answerWithin: 600 };
 * @public
 */
export interface LeaseClientOptions {
  /** The stack's `leasehold` output: a path, its value, or the text of `terraform output -json`, whole or of this output. */
  readonly manifest: string | Manifest | object;
  /** The name of the agent in the manifest. @default its only one */
  readonly agent?: string;
  /**
   * How a human is asked by gate `mfa`, for example `terminal()` of `@leasehold/runtime/terminal`. The broker asks by
   * itself. @default none: only roles of the broker can be leased
   */
  readonly approval?: ApprovalChannel;
  /**
   * The agent's own credentials: its user's long-term key, without which no gate `mfa` opens, or its role's.
   * @default the AWS SDK's default chain
   */
  readonly credentials?: KeyIdentity | (() => Promise<KeyIdentity>);
  /**
   * STS: `https:`, or `http:` on the loopback interface. Never the global endpoint.
   * @default what `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` name, or else the manifest's regional endpoint
   */
  readonly endpoint?: string;
  /**
   * The broker: `https:`, or `http:` on the loopback interface.
   * @default what `LEASEHOLD_BROKER_URL` names, or else the manifest's
   */
  readonly broker?: string;
  /**
   * Whole seconds that humans have to answer, from 1 to 86,400.
   * @default 300; with gate `broker` the role's own window for approvals
   */
  readonly answerWithin?: number;
  /**
   * A folder in which programs of one user tell each other which codes they have sent, by marks from which no code can be
   * read, for five minutes: none then sends a code that another one sent. Made where it is missing, for the user alone.
   * `leasehold` uses `used-codes` beside the approval sockets.
   * @default none: the client knows of the codes alone that it sent itself
   */
  readonly usedCodes?: string;
}

/**
 * Leases the roles of one environment as one agent.
 * @example
 * const client: LeaseClient = createLeaseClient({ manifest: 'leasehold.json', approval: terminal() });
 * @public
 */
export interface LeaseClient {
  readonly manifest: Manifest;
  /**
   * Opens a role, by its gate: a human's code, or the broker, which is waited for. Two identical requests at once are one,
   * and both get the same lease. Rejects when AWS, the human or the broker says no, which is final; three denials or lapsed questions in a row close the client for a quarter of an hour.
   * @throws LeaseError every code but `expired` and `environment-not-clean`
   */
  lease(role: string, request: LeaseRequest): Promise<Lease>;
  /**
   * Opens whichever role fits an intent, in the words of whoever has it: the broker's reviewer picks role, actions and
   * parameters out of what this agent is eligible for. `lease.grant` says what came of it.
   * @param intent What is to be done, and for what: a sentence, by the rules of {@link LeaseRequest.reason}.
   * @throws LeaseError as {@link lease} does; `invalid-request` where the stack has no broker
   */
  leaseFor(intent: string, options?: IntentOptions): Promise<Lease>;
  /**
   * Opens a role for as long as `work` runs; the lease is forgotten afterwards: its provider, and those of leases cut from
   * it, reject. AWS itself ends the session when its time is over.
   * @throws LeaseError as {@link lease} does, and what `work` throws
   */
  withLease<T>(role: string, request: LeaseRequest, work: (lease: Lease) => Promise<T>): Promise<T>;
}
