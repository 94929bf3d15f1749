/** The contract of the client that leases roles. */
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@aws-sdk/types';
import type { ApprovalChannel, Permission } from './approval';
import type { Manifest } from './manifest';

/**
 * What a lease is asked for.
 * @public
 */
export interface LeaseRequest {
  /** A concrete sentence: what is to be done, and for what. It is recorded in CloudTrail. */
  readonly reason: string;
  /** A value for each parameter of the role. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Seconds. @default the role's own */
  readonly duration?: number;
  /** Less than the role allows: becomes a session policy. @default everything the role allows */
  readonly narrow?: Narrowing;
  /** Takes the request back. */
  readonly signal?: AbortSignal;
}

/** A subset of actions, resources, or both. */
export interface Narrowing {
  readonly actions?: readonly string[];
  readonly resources?: readonly string[];
}

/** What an attenuated lease keeps. */
export interface Attenuation extends Narrowing {
  /** Seconds, at least 1, never past the end of the lease. @default until the lease ends */
  readonly duration?: number;
}

/** What a lease permits. */
export interface Grant {
  readonly role: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly reason: string;
  readonly durationSeconds: number;
}

/**
 * One time-bounded session of one role for one reason. It never renews itself.
 * @public
 */
export interface Lease {
  readonly id: string;
  readonly role: string;
  readonly expiresAt: Date;
  readonly grant: Grant;
  /** For any client of the AWS SDK; rejects with a {@link LeaseError} `expired` once the lease is over. */
  readonly credentials: AwsCredentialIdentityProvider;
  /** A lease of less, for a sub-agent or a single tool call. Asks no human. */
  attenuate(to: Attenuation): Promise<Lease>;
}

/** How a client is made. */
export interface LeaseClientOptions {
  /** The stack's `leasehold` output: a path, or its value. `terraform output -json` as a whole is read, too. */
  readonly manifest: string | Manifest | object;
  /** The name of the agent in the manifest. @default its only one */
  readonly agent?: string;
  readonly approval: ApprovalChannel;
  /** The agent's own long-term key. @default the AWS SDK's default chain */
  readonly credentials?: AwsCredentialIdentity | AwsCredentialIdentityProvider;
  /** STS. @default the manifest's regional endpoint, or what `AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` name */
  readonly endpoint?: string;
  /** Seconds that a human has to answer. @default 300 */
  readonly answerWithin?: number;
}

/** Leases roles. */
export interface LeaseClient {
  readonly manifest: Manifest;
  /** Opens a role. @throws LeaseError */
  lease(role: string, request: LeaseRequest): Promise<Lease>;
  /** Opens a role for as long as `work` runs; the lease is forgotten afterwards. @throws LeaseError, and what `work` throws */
  withLease<T>(role: string, request: LeaseRequest, work: (lease: Lease) => Promise<T>): Promise<T>;
}
