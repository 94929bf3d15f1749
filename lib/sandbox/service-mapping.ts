/**
 * The types for the tables under `services/`. A table defines, for each request to one AWS service, everything that AWS
 * would authorize.
 *
 * A mapping gets a request with a verified signature and returns the actions and resources that the request needs. It
 * decides nothing; {@link import('./authorize').authorize} does. If it cannot read a request exactly as the service
 * would, it must throw {@link UnmappedRequest}. The request is then always refused.
 */
import type { Headers, Protocol } from './wire/protocol';

/** Condition keys with the values in the request. A multivalued key has a list, even for one value. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * A request in the form that mappings read. Its signature is verified and covers every field. The path contains no `.`
 * or `..` segment in any encoding.
 */
export interface SignedRequest {
  /** The service in the credential scope, for example `s3`. It is never derived from any other part of the request. */
  readonly service: string;
  /** The region in the credential scope. */
  readonly region: string;
  /**
   * The caller's account, twelve digits. A resource belongs to this account unless the resource's ARN contains another
   * account.
   */
  readonly account: string;
  /** Partition of ARNs, for example `aws`. */
  readonly partition: string;
  readonly protocol: Protocol;
  /** Upper case. */
  readonly method: string;
  /** The signed `Host`, lower case, without port. */
  readonly host: string;
  /** Path as sent, percent-encoded, starting with `/`, without the query. */
  readonly path: string;
  /** Query parameters, decoded, in the order sent, without the parameters of a presigned URL's signature. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The headers that the signature covers, and `content-type`. Every `x-amz-*` header is included. */
  readonly headers: Headers;
  /** The payload. For a streaming upload, the chunk framing is verified and removed. */
  readonly body: Buffer;
  /**
   * How the request is signed, for services with condition keys for it. `age` is the age of the signature in
   * milliseconds.
   */
  readonly signing?: { readonly place: 'header' | 'query'; readonly age: number };
  /** Facts about resources that requests identify only partly. Default: none. */
  readonly known?: KnownResources;
}

/** Facts, by ARN, that are stored in AWS and that no request contains. */
export interface KnownResources {
  /** Name of the partition key of a DynamoDB table or index. */
  readonly partitionKeys?: Lookup;
  /** ARN of the KMS key behind an alias. */
  readonly keyAliases?: Lookup;
  /** Full ARN of a secret, by its ARN without the hyphen and the six random characters. */
  readonly secrets?: Lookup;
}

/** The part of a map that a mapping needs. */
export type Lookup = Pick<ReadonlyMap<string, string>, 'get'>;

/** One action on one resource that must be allowed. */
export interface Need {
  /** Action name, for example `s3:PutObject`, spelled as in the service authorization reference. */
  readonly action: string;
  /** An ARN, or `*` for an action without resources. */
  readonly resource: string;
  /** The service's own condition keys, for example `s3:prefix`. The sandbox adds the global keys. */
  readonly context: Context;
}

/** A request in IAM's terms. */
export interface MappedCall {
  /** CloudTrail's `eventName`, for example `PutObject`. */
  readonly operation: string;
  /** Everything that the request needs. Never empty. All of the needs must be allowed. */
  readonly needs: readonly [Need, ...Need[]];
  /** CloudTrail's `requestParameters`: names and identifiers, without payloads and secrets. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * The path for the backing server, if it differs from the signed path. For S3's virtual-host style it contains the
   * bucket, so that the backing server reads what was authorized. Absent: the request is forwarded as signed.
   */
  readonly forward?: { readonly path: string };
}

/** One service. To add a service, add a table. */
export interface ServiceMapping {
  /** Names of the service in a credential scope, for example `['monitoring']` for CloudWatch. */
  readonly signingNames: readonly [string, ...string[]];
  /** CloudTrail's `eventSource`, for example `monitoring.amazonaws.com`. */
  readonly eventSource: string;
  /** Protocols of the service. The first is used for the response to an unclear request. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  /** The service's denial, if it differs from the usual one of its protocol, for example SNS's `AuthorizationError`. */
  readonly denial?: { readonly status: number; readonly code: string };
  /**
   * Everything that AWS would authorize for a request.
   * @throws {UnmappedRequest} if no row matches, or the request is ambiguous.
   */
  readonly map: (request: SignedRequest) => MappedCall;
}

/**
 * The error for a request that no row of a table matches. The request is refused, and the response contains the reason.
 */
export class UnmappedRequest extends Error {
  override readonly name = 'UnmappedRequest';
  /** CloudTrail's `eventName`, if at least the operation was recognized. */
  readonly operation: string | undefined;

  constructor(reason: string, operation?: string, options?: ErrorOptions) {
    super(reason, options);
    this.operation = operation;
  }
}
