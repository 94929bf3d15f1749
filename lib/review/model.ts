/**
 * The access that a Terraform plan describes: one estate before the plan and one estate after the plan. All code that
 * reads or reviews a plan uses these types.
 */
import type { PolicyDocument } from '@leasehold/policy';
import type { WatchedType } from './types/watched-types';

/**
 * A value of a plan, or the reason why it cannot be read: known only after apply, a data source that has not been read,
 * sensitive, or malformed. All code that uses the value treats `unknown` as dangerous.
 */
export type Read<T> =
  /**
   * `assumes` lists the resources to which parts are assumed to refer that are known only after apply. `lacks` lists
   * omitted parts that count as unknown because the configuration does not determine them. `omits` lists omitted parts
   * that can only deny: whatever their values are, the policy does not permit more than the remaining parts.
   */
  | {
      readonly kind: 'known';
      readonly value: T;
      readonly assumes?: string;
      readonly lacks?: string;
      readonly omits?: string;
    }
  /** `mentions` lists the addresses of the resources to which the value's expression in the configuration refers. */
  | { readonly kind: 'unknown'; readonly why: string; readonly mentions?: readonly string[] };

/** The reason why a value, or a part of the value, cannot be read; `undefined` if the entire value can be read. */
export function unreadIn(read: Read<unknown> | undefined): string | undefined {
  return read?.kind === 'unknown' ? read.why : read?.lacks;
}

/** A location in the plan. */
export interface Place {
  /** Terraform address, for example `module.a["x"].aws_iam_role.deploy[0]`. */
  readonly address: string;
  /** Attribute, for example `assume_role_policy` or `inline_policy[0].policy`. */
  readonly attribute?: string;
}

/** A policy document and its location. */
export interface PlacedPolicy {
  readonly place: Place;
  /** Name or ARN of the policy, if it has one. */
  readonly name?: string;
  /** The document. It is `unknown` if the plan contains only the policy's ARN or name, as for an AWS-managed policy. */
  readonly document: Read<PolicyDocument>;
  /** ARN of the managed policy to which the plan refers. */
  readonly arn?: string;
  /** Name of a group outside the plan. Set if this entry represents all policies of that group. */
  readonly group?: string;
}

/** An IAM user, role or group. */
export interface Identity {
  /**
   * A key that is the same before and after the plan, even if the address changed, for example
   * `role 123456789012 hermes-dev-deploy`.
   */
  readonly key: string;
  readonly kind: 'user' | 'role' | 'group';
  /** Name of the identity, or its address if the name is unknown. */
  readonly name: string;
  /**
   * The place in the plan. Undefined for an identity that the plan does not manage, even if the plan attaches something
   * to the identity.
   */
  readonly place?: Place;
  readonly account: Read<string>;
  readonly arn: Read<string>;
  /** The identity's own inline and attached policies. Policies of its groups belong to the group. */
  readonly policies: readonly PlacedPolicy[];
  readonly boundary?: PlacedPolicy;
  /** Only for roles. */
  readonly trust?: PlacedPolicy;
  /** Maximum session duration in seconds. Only for roles. */
  readonly maxSession?: Read<number>;
  /** Keys of the groups that a user is in. */
  readonly groups: readonly string[];
  /**
   * Addresses of the resources that attach a policy to this identity or add it to a group. If a new identity gets its
   * policies and groups from the same resources, it is treated as the replacement for this identity.
   */
  readonly parts?: readonly string[];
  /**
   * Kinds of policies for which Terraform enforces an exclusive list. If somebody adds such a policy by hand, Terraform
   * reports the policy as drift.
   */
  readonly exclusive: { readonly inline: boolean; readonly attached: boolean };
}

/** The policy of a bucket, queue, topic, key, function, secret, table, repository or API. */
export interface ResourcePolicy {
  readonly key: string;
  /** Terraform type that contains the policy, for example `aws_s3_bucket_policy`. */
  readonly type: string;
  /** ARN of the protected resource. */
  readonly resource: Read<string>;
  readonly account: Read<string>;
  readonly policy: PlacedPolicy;
  /**
   * Set if the plan also creates the protected resource (for a policy on the side after the plan) or deletes it (for a
   * policy on the side before the plan).
   */
  readonly together?: true;
}

/** A resource of any other kind for which there can be findings, with its attributes in the plan. */
export interface Watched {
  readonly key: string;
  /** Terraform type, for example `aws_cloudtrail`, `aws_iam_access_key`, `aws_iam_openid_connect_provider`. */
  readonly type: WatchedType;
  readonly place: Place;
  readonly account: Read<string>;
  /** Attribute values. {@link Unread} replaces unknown values. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Attributes that are unknown because the configuration does not set them: AWS sets their defaults. */
  readonly unset?: readonly string[];
  /** Maps an attribute that is known only after apply to the addresses of the resources that the attribute names. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

/** Replaces unreadable values in {@link Watched.values}. */
export const Unread: unique symbol = Symbol('unread');

/** All access that the resources of a plan give, on one side: before or after the change. */
export interface Estate {
  readonly identities: ReadonlyMap<string, Identity>;
  readonly resourcePolicies: ReadonlyMap<string, ResourcePolicy>;
  readonly watched: ReadonlyMap<string, Watched>;
}

/** A change of the role with which a resource runs. */
export interface RunningRole {
  readonly place: Place;
  /** ARN or name of the earlier role. Undefined if the resource had no role. */
  readonly from: string | undefined;
  /** ARN or name of the new role. Undefined if it is known only after apply. */
  readonly to?: string;
  /** If the new role is known only after apply, the addresses of the possible identities. */
  readonly names: readonly string[];
}

/** A resource that exists after the plan and runs with one or more roles. */
export interface RunningResource {
  readonly address: string;
  readonly type: string;
  readonly arn?: string;
  /** The values of the attributes that name or identify the resource. */
  readonly names: readonly string[];
  readonly roles: readonly RunningRole[];
}

/** A policy or group that identities lose because a resource with an exclusive list does not contain it. */
export interface Taking {
  readonly place: Place;
  readonly way: 'created' | 'shrunk' | 'removed';
  /** The removed policy or group, for example `the policy arn:aws:iam::123456789012:policy/guard`. */
  readonly what: string;
  /** The affected identities, for example `every user`. */
  readonly from: string;
  /** True if the removed policy contains a deny statement, or if it cannot be read. */
  readonly denies: boolean;
}

/** An external resource or address that occurs in a changed resource and did not occur before. */
export interface OutsideName {
  readonly place: Place;
  /**
   * The kind of name. `endpoint`: an address at AWS that any AWS customer can get. `address`: any other address.
   * `person`: an e-mail address or a telephone number. `unread`: a value that is known only after apply. `input`: a value
   * that a state machine reads from its input or its variables. `computed`: a value that a state machine computes.
   */
  readonly what: 'account' | 'bucket' | 'endpoint' | 'address' | 'person' | 'unread' | 'input' | 'computed';
  /** An ARN, the address of a queue in an account, the name of a bucket, an address, or the path of an unread value. */
  readonly value: string;
  /**
   * The account of the resource. For a bucket or an unread value, this is the account of the provider that creates the
   * resource to which the expression refers.
   */
  readonly account?: string;
  /** Whether the changed resource sends data, events or calls to this name. */
  readonly sends: boolean;
}

/** An instance of the AWS provider whose resources may belong to somebody else. */
export interface NewProvider {
  /** The first resource that the plan adds or changes through the provider. */
  readonly place: Place;
  /** Key in `provider_config`, for example `aws.west`. */
  readonly provider: string;
  /** Addresses of the resources that the plan adds or changes through the provider. */
  readonly resources: readonly string[];
  /** The account of the provider, if it is known. */
  readonly account?: string;
  /** Whether the author of the configuration could control what the provider reports. */
  readonly mayBeFaked: boolean;
  /** The addresses outside AWS that the provider calls, as far as the plan shows them. */
  readonly endpoints: readonly string[];
  /** Whether the provider calls an address that belongs neither to AWS nor to the machine on which Terraform runs. */
  readonly isRedirected: boolean;
}

/** A bucket that the plan creates. */
export interface CreatedBucket {
  readonly name: string;
  /**
   * The account of the resource's provider. Undefined if the resource uses the default provider and the account is
   * unknown.
   */
  readonly account?: string;
}

/** A parsed plan. */
export interface PlannedAccess {
  readonly before: Estate;
  readonly after: Estate;
  /** Parts of the plan that affect access and could not be read at all. */
  readonly unread: readonly { readonly place: Place; readonly why: string }[];
  /** The accounts that belong to the plan's owner. */
  readonly accounts: readonly string[];
  /**
   * Accounts for which the plan's providers are the only evidence, because no existing resource is. They do not count
   * as own accounts.
   */
  readonly claimed?: readonly string[];
  /**
   * The subset of {@link accounts} for which the plan's providers are the only evidence, because no existing resource
   * is.
   */
  readonly unproven?: readonly string[];
  /** The accounts of each organization that is a resource in the state, or that the default provider read. */
  readonly organizations?: readonly (readonly string[])[];
  /** ARNs of the buckets that belong to the plan's owner. */
  readonly buckets?: readonly string[];
  /** Buckets with the given name that the plan creates before it creates or changes the resource at the given address. */
  readonly bucketsBefore?: (address: string, name: string) => readonly CreatedBucket[];
  /** Role changes of existing resources. */
  readonly runningRoles?: readonly RunningRole[];
  /** The roles of resources that the plan creates. */
  readonly newRunningRoles?: readonly RunningRole[];
  /** All resources that run with a role after the plan, changed or not. Computed only when the function is called. */
  readonly runningResources?: () => readonly RunningResource[];
  /**
   * Instances of the AWS provider that create resources and had no resources before the plan, and instances that call
   * addresses outside AWS.
   */
  readonly newProviders?: readonly NewProvider[];
  /** External resources and addresses that newly occur in changed resources. */
  readonly outsideNames?: readonly OutsideName[];
  /** Types of changed resources that are not in the table of types. Sorted. */
  readonly unclassified?: readonly string[];
  /** Policies and groups that exclusive resources remove from identities. The plan may not show these identities. */
  readonly takings?: readonly Taking[];
  /** Version of Terraform or OpenTofu that created the plan. */
  readonly terraform: string;
  readonly formatVersion: string;
  /** Number of resources in the plan, of any type. */
  readonly resources: number;
  /** The `leasehold` output before and after, if Leasehold generated the configuration. */
  readonly manifests: { readonly before?: unknown; readonly after?: unknown };
}
