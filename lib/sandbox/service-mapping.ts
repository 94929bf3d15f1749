/**
 * What a table under `services/` says of one AWS service: for each request, everything that AWS would authorise.
 *
 * A mapping is handed a request whose signature is verified and says which actions on which resources it stands for.
 * It decides nothing: {@link import('./authorize').authorize} does. What it cannot read exactly as the service would,
 * it must refuse with {@link UnmappedRequest}; the request is then never let through.
 */
import type { Headers, Protocol } from './wire/protocol';

/** Condition keys with their values, as the request supplies them. A list for a multi-valued key, also of one value. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * A request as its mapping reads it. Its signature is verified and covers every field. The path has no `.` and no `..`
 * segment, however encoded.
 */
export interface SignedRequest {
  /** The service that the credential scope names, for example `s3`; nothing else names it. */
  readonly service: string;
  /** The region that the credential scope names. */
  readonly region: string;
  /** The caller's account, twelve digits. Every resource whose ARN does not say otherwise belongs to it. */
  readonly account: string;
  /** Partition of ARNs, for example `aws`. */
  readonly partition: string;
  readonly protocol: Protocol;
  /** Upper case. */
  readonly method: string;
  /** The signed `Host`, lower case, without port. */
  readonly host: string;
  /** Path as sent, percent-encoded, beginning with `/`, without the query. */
  readonly path: string;
  /** Query parameters, decoded, in the order sent, without those of a presigned URL's signature. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The headers that the signature covers, and `content-type`; every `x-amz-*` header is among them. */
  readonly headers: Headers;
  /** The payload; the chunk framing of a streaming upload is verified and taken off. */
  readonly body: Buffer;
  /** How the request is signed, where a service has condition keys for it. `age` of the signature is in milliseconds. */
  readonly signing?: { readonly place: 'header' | 'query'; readonly age: number };
  /** What is known of resources that requests name by half. Default: nothing. */
  readonly known?: KnownResources;
}

/** What no request says, and AWS knows: by ARN. */
export interface KnownResources {
  /** Name of the partition key of a DynamoDB table or index. */
  readonly partitionKeys?: Lookup;
  /** ARN of the KMS key behind an alias. */
  readonly keyAliases?: Lookup;
  /** Full ARN of a secret, by its ARN without the hyphen and the six random characters. */
  readonly secrets?: Lookup;
}

/** A map, as far as a mapping needs one. */
export type Lookup = Pick<ReadonlyMap<string, string>, 'get'>;

/** One action on one resource that must be allowed. */
export interface Need {
  /** For example `s3:PutObject`, in the spelling of the service authorization reference. */
  readonly action: string;
  /** An ARN, or `*` for an action that knows no resource. */
  readonly resource: string;
  /** The service's own condition keys, for example `s3:prefix`. Global keys are added by the sandbox. */
  readonly context: Context;
}

/** A request as IAM sees it. */
export interface MappedCall {
  /** CloudTrail's `eventName`, for example `PutObject`. */
  readonly operation: string;
  /** Never empty; every one must be allowed. */
  readonly needs: readonly [Need, ...Need[]];
  /** CloudTrail's `requestParameters`: names and identifiers, no payload, no secret. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * What is sent to the backing server instead of the path and query as signed: for S3's virtual-host style the path
   * with the bucket in it, so that the server behind reads what was authorised. Absent: as signed.
   */
  readonly forward?: { readonly path: string };
}

/** One service. Adding a service is adding a table. */
export interface ServiceMapping {
  /** Names of the service in a credential scope, for example `['monitoring']` for CloudWatch. */
  readonly signingNames: readonly [string, ...string[]];
  /** CloudTrail's `eventSource`, for example `monitoring.amazonaws.com`. */
  readonly eventSource: string;
  /** Protocols that the service offers; the first is what an unclear request is answered in. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  /** How the service writes a denial where it is not as its protocol usually does, for example SNS's `AuthorizationError`. */
  readonly denial?: { readonly status: number; readonly code: string };
  /**
   * Everything that AWS would authorise for a request.
   * @throws {UnmappedRequest} when no row fits, or the request can be read in two ways.
   */
  readonly map: (request: SignedRequest) => MappedCall;
}

/** A request that no row of a table fits. It is refused, and the answer says why. */
export class UnmappedRequest extends Error {
  override readonly name = 'UnmappedRequest';
  /** CloudTrail's `eventName`, where at least the operation was recognised. */
  readonly operation: string | undefined;

  constructor(reason: string, operation?: string, options?: ErrorOptions) {
    super(reason, options);
    this.operation = operation;
  }
}
