/**
 * The types for the tables under `services/`. A table defines, for each request to one AWS service, everything that AWS
 * would authorize.
 *
 * A mapping gets a request with a verified signature and returns the actions and resources that the request needs. It
 * decides nothing; {@link import('./authorize').authorize} does. If it cannot read a request exactly as the service
 * would, it must throw {@link UnmappedRequest}. The request is then always refused.
 */
import type { Headers, Protocol } from './wire/protocol';

/**
 * Condition keys with the values in the request. The value of a multivalued key is a list, even if it contains only one
 * value.
 */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/**
 * A request in the form that mappings use. The request's signature is verified and covers every field. The path
 * contains no `.` or `..` segment in any encoding.
 */
export interface SignedRequest {
  /** The service in the credential scope, for example `s3`. It is never derived from other parts of the request. */
  readonly service: string;
  /** The region in the credential scope. */
  readonly region: string;
  /**
   * The caller's account id, with twelve digits. A resource belongs to this account unless the resource's ARN contains
   * another account.
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
   * How the request is signed, for services with condition keys about the signature. `age` is the age of the
   * signature in milliseconds.
   */
  readonly signing?: { readonly place: 'header' | 'query'; readonly age: number };
  /**
   * Data about resources, needed for requests that do not contain all required data about a resource. Default: none.
   */
  readonly known?: KnownResources;
}

/** Data about resources, by ARN. AWS stores this data, and requests do not contain it. */
export interface KnownResources {
  /** Name of the partition key of a DynamoDB table or index. */
  readonly partitionKeys?: Lookup;
  /** ARN of the KMS key behind an alias. */
  readonly keyAliases?: Lookup;
  /** Full ARN of a secret. The key is the partial ARN, without the hyphen and the six random characters. */
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
  /** All permissions that the request needs; never empty. All permissions must be allowed. */
  readonly needs: readonly [Need, ...Need[]];
  /** CloudTrail's `requestParameters`: names and identifiers, without payloads and secrets. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /**
   * The path for the backing server, if it differs from the signed path. For S3's virtual-host style, the path
   * contains the bucket, so that the backing server uses the bucket that was authorized. If the field is absent, the
   * request is forwarded with the signed path.
   */
  readonly forward?: { readonly path: string };
}

/** The mapping for one service. To support another service, add a table. */
export interface ServiceMapping {
  /** Names of the service in a credential scope, for example `['monitoring']` for CloudWatch. */
  readonly signingNames: readonly [string, ...string[]];
  /** CloudTrail's `eventSource`, for example `monitoring.amazonaws.com`. */
  readonly eventSource: string;
  /** Protocols of the service. The first protocol is used for the response if a request's protocol is unclear. */
  readonly protocols: readonly [Protocol, ...Protocol[]];
  /**
   * The service's denial response, if it differs from the usual denial response of the protocol, for example SNS's
   * `AuthorizationError`.
   */
  readonly denial?: { readonly status: number; readonly code: string };
  /**
   * All actions and resources that AWS would authorize for a request.
   * @throws {UnmappedRequest} if no row matches, or the request is ambiguous.
   */
  readonly map: (request: SignedRequest) => MappedCall;
}

/**
 * The error for a request that does not match any row of a table. The request is refused, and the response contains
 * the reason.
 */
export class UnmappedRequest extends Error {
  override readonly name = 'UnmappedRequest';
  /** CloudTrail's `eventName`, if the operation was recognized. */
  readonly operation: string | undefined;

  constructor(reason: string, operation?: string, options?: ErrorOptions) {
    super(reason, options);
    this.operation = operation;
  }
}
