/** What a Terraform plan says about access: one estate before it, one after. Whatever reads or judges a plan speaks in these. */
import type { PolicyDocument } from '@leasehold/policy';
import type { WatchedType } from './types/watched-types';

/**
 * A value of a plan, or the reason why it cannot be read: known only after apply, a data source not yet read, sensitive
 * and withheld, malformed. Every consumer treats `unknown` as dangerous.
 */
export type Read<T> =
  /**
   * `assumes` names the resources that parts known only after apply were taken for; `lacks` says which parts are left
   * out, because nothing says what they are: they count as unknown.
   */
  | { readonly kind: 'known'; readonly value: T; readonly assumes?: string; readonly lacks?: string }
  | { readonly kind: 'unknown'; readonly why: string };

/** Why a value, or a part of it, cannot be read; `undefined` for one that is read whole. */
export function unreadIn(read: Read<unknown> | undefined): string | undefined {
  return read?.kind === 'unknown' ? read.why : read?.lacks;
}

/** Where something stands in the plan. */
export interface Place {
  /** Terraform address, for example `module.a["x"].aws_iam_role.deploy[0]`. */
  readonly address: string;
  /** Attribute, for example `assume_role_policy` or `inline_policy[0].policy`. */
  readonly attribute?: string;
}

/** A policy document that bears on something. */
export interface PlacedPolicy {
  readonly place: Place;
  /** Name or ARN of the policy, where it has one. */
  readonly name?: string;
  /** `unknown`, too, for a policy that the plan only names, such as one managed by AWS. */
  readonly document: Read<PolicyDocument>;
  /** ARN of a managed policy that the plan names. */
  readonly arn?: string;
  /** Name of a group outside the plan, where this stands for all policies of the group. */
  readonly group?: string;
}

/** An IAM user, role or group. */
export interface Identity {
  /** The same before and after, also when its address moved: `role 123456789012 hermes-dev-deploy`. */
  readonly key: string;
  readonly kind: 'user' | 'role' | 'group';
  /** Its name, or its address while that is unknown. */
  readonly name: string;
  /** Absent for one that the plan does not manage but attaches something to. */
  readonly place?: Place;
  readonly account: Read<string>;
  readonly arn: Read<string>;
  /** Inline and attached, its own; those of its groups stand with the group. */
  readonly policies: readonly PlacedPolicy[];
  readonly boundary?: PlacedPolicy;
  /** Roles only. */
  readonly trust?: PlacedPolicy;
  /** Seconds; roles only. */
  readonly maxSession?: Read<number>;
  /** Keys of the groups that a user is in. */
  readonly groups: readonly string[];
  /** Addresses of the resources that give it a policy or a group; an identity that gets them from another replaces it. */
  readonly parts?: readonly string[];
  /** Which kinds of policy Terraform keeps exclusive, so that one added by hand is drift. */
  readonly exclusive: { readonly inline: boolean; readonly attached: boolean };
}

/** The policy of a bucket, queue, topic, key, function, secret, table, repository or API. */
export interface ResourcePolicy {
  readonly key: string;
  /** Terraform type that holds it, for example `aws_s3_bucket_policy`. */
  readonly type: string;
  /** ARN of what it protects. */
  readonly resource: Read<string>;
  readonly account: Read<string>;
  readonly policy: PlacedPolicy;
  /** Set where the plan creates what it protects, for a policy after, or removes it, for a policy before. */
  readonly together?: true;
}

/** Anything else that a finding may be about, with its attributes as the plan has them. */
export interface Watched {
  readonly key: string;
  /** Terraform type, for example `aws_cloudtrail`, `aws_iam_access_key`, `aws_iam_openid_connect_provider`. */
  readonly type: WatchedType;
  readonly place: Place;
  readonly account: Read<string>;
  /** Attributes; what is unknown is {@link Unread}. */
  readonly values: Readonly<Record<string, unknown>>;
  /** Attributes that are unknown because nobody wrote them down: AWS sets them to its default. */
  readonly unset?: readonly string[];
  /** Attribute → addresses of the identities that it names, where its value is known only after apply. */
  readonly names?: Readonly<Record<string, readonly string[]>>;
}

/** Stands in {@link Watched.values} for what cannot be read. */
export const Unread: unique symbol = Symbol('unread');

/** Everything that a plan says about access, on one side of it. */
export interface Estate {
  readonly identities: ReadonlyMap<string, Identity>;
  readonly resourcePolicies: ReadonlyMap<string, ResourcePolicy>;
  readonly watched: ReadonlyMap<string, Watched>;
}

/** A role that a resource runs with, another one than before. */
export interface RunningRole {
  readonly place: Place;
  /** ARN or name of the earlier one; absent where there was none. */
  readonly from: string | undefined;
  /** ARN or name; absent where it is known only after apply. */
  readonly to?: string;
  /** Addresses of the identities that such a one is taken from. */
  readonly names: readonly string[];
}

/** What an exclusive resource takes from whoever it does not list. */
export interface Taking {
  readonly place: Place;
  readonly way: 'created' | 'shrunk' | 'removed';
  /** For example `the policy arn:aws:iam::123456789012:policy/guard`. */
  readonly what: string;
  /** From whom, for example `every user`. */
  readonly from: string;
  /** Whether what is taken denies something, or nobody can tell. */
  readonly denies: boolean;
}

/** A plan, read. */
export interface PlannedAccess {
  readonly before: Estate;
  readonly after: Estate;
  /** Constructs that bear on access and could not be read at all. */
  readonly unread: readonly { readonly place: Place; readonly why: string }[];
  /** Accounts that the plan shows to be its own, besides those of identities and resources. */
  readonly accounts?: readonly string[];
  /** Resources that exist and are given another role to run with. */
  readonly runningRoles?: readonly RunningRole[];
  /** The roles that resources which the plan makes run with. */
  readonly newRunningRoles?: readonly RunningRole[];
  /** Types of changed resources that are newer than the table of types; sorted. */
  readonly unclassified?: readonly string[];
  /** What exclusive resources take from identities that the plan need not show. */
  readonly takings?: readonly Taking[];
  /** Version of Terraform or OpenTofu that made the plan. */
  readonly terraform: string;
  readonly formatVersion: string;
  /** How many resources the plan has in all, of any type. */
  readonly resources: number;
  /** Whether the configuration was made by Leasehold: the `leasehold` output before and after, where there is one. */
  readonly manifests: { readonly before?: unknown; readonly after?: unknown };
}
