/**
 * Validated, resolved definitions, the input of all other packages.
 *
 * Values are resolved at load time: variables are substituted, overrides applied, durations converted to seconds, and
 * single values to lists. Only `${param.name}` remains in templates, because its value differs between leases.
 */

import type { Locate } from './location';
import type { Broker, BrokerRules, Principal } from './model-broker';
import type { ParameterPattern } from './parameter-alphabet';

export type { Locate, Path } from './location';
export type {
  Broker,
  BrokerRules,
  Budget,
  CognitoSignIn,
  ConsoleDomain,
  OidcSignIn,
  People,
  Principal,
  Reviewer,
  ReviewerMode,
  SignIn,
  TokenIssuer,
} from './model-broker';

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';
/**
 * The highest access level of a role's actions. All roles may also read the resources that they write or delete; see
 * {@link MixedAccess}.
 */
export type Access = 'read' | 'write' | 'delete' | 'write+delete';
/** How a lease of the role is obtained: with a human's TOTP code in the agent's own STS call, or from the broker. */
export type Gate = 'mfa' | 'broker';

/** Where an agent's base identity comes from. All ARNs and names are literal. */
export type Identity =
  | { readonly type: 'iam-user' }
  | { readonly type: 'ec2' }
  | { readonly type: 'ecs-task' }
  | { readonly type: 'lambda' }
  | {
      readonly type: 'eks-irsa';
      /** Issuer without scheme, for example `oidc.eks.eu-west-1.amazonaws.com/id/ABC`. */
      readonly issuer: string;
      readonly namespace: string;
      readonly serviceAccount: string;
    }
  | {
      readonly type: 'eks-pod-identity';
      readonly cluster: string;
      readonly namespace: string;
      readonly serviceAccount: string;
    }
  | {
      readonly type: 'github-oidc';
      /** The repository's two notations in a token's `sub`: `org/repo`, and `org@ID/repo@ID` if the ids are given. */
      readonly repositories: readonly string[];
      /** The part of `sub` after the repository, for example `ref:refs/heads/main` or `environment:prod`. */
      readonly subject: string;
    }
  | {
      readonly type: 'roles-anywhere';
      readonly trustAnchorArn: string;
      /** The certificate's common name. */
      readonly commonName: string;
    }
  | {
      readonly type: 'existing-role';
      readonly roleArn: string;
    };

/** An AI workload with one base identity, in one environment. */
export interface Agent {
  readonly name: string;
  readonly identity: Identity;
  /**
   * Locates a value below `['agents', name]` of the project document. If the environment overrides the value, the
   * location is in the environment.
   */
  readonly locate: Locate;
}

/** A typed value that narrows a role. It is sent as the session tag `param.<name>`. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** A regular expression that must match the entire value; mutually exclusive with `values`. */
  readonly pattern?: ParameterPattern;
  /** The permitted values, which IAM enforces; mutually exclusive with `pattern`. */
  readonly values?: readonly string[];
  /**
   * The attribute of a verified identity that the parameter is bound to, so that the requester cannot choose the value.
   * Only for roles with gate `broker`.
   */
  readonly from?: Binding;
}

/** An attribute of a verified identity to which a parameter is bound, so that the requester cannot choose the value. */
export type Binding = 'requester.name' | 'subject.sub' | `subject.claims.${string}`;

/**
 * One statement that permits or denies actions. Strings may contain these variables: `${param.name}`, `${lease.id}`,
 * IAM's escapes `${*}`, `${?}` and `${$}`, and, in a condition on a request tag, the same tag of the resource.
 */
export interface Allow {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Maps each operator to condition keys and their values, in the order written. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A sensitive read action that is permitted on purpose, with the reason. */
export interface SensitiveRead {
  readonly action: string;
  readonly because: string;
}

/** The limit for the SQL statements of a role. It is set outside IAM, because IAM cannot restrict SQL. */
export interface SqlLimit {
  /**
   * The read-only database user whose credentials the role can use; undefined for a service without database users.
   */
  readonly databaseUser?: string;
  /** The permissions of the database user, and where they are granted. */
  readonly limits: string;
}

/** A role that Leasehold does not manage, with its maximum permissions as declared in the project. */
export interface ExternalRole {
  readonly name: string;
  readonly arn: string;
  /**
   * The role's maximum permissions; `administrator` means all permissions. The statements never contain a parameter.
   */
  readonly may: readonly Allow[] | 'administrator';
  /** Locates a value below `['external', name]` of the project document. */
  readonly locate: Locate;
}

/** A role that may be passed to a service with a lease. The service then uses the role. */
export interface PassedRole {
  readonly role: ExternalRole;
  /** Service principal, for example `ecs-tasks.amazonaws.com`. */
  readonly to: string;
  readonly because: string;
}

/** A role that may be assumed with a lease, for at most one hour. */
export interface AssumedRole {
  readonly role: ExternalRole;
  readonly because: string;
}

/** An AWS-managed policy of a role for people, pinned to its reviewed text. */
export interface PinnedPolicy {
  /** ARN of the policy, for example `arn:aws:iam::aws:policy/SecurityAudit`. */
  readonly arn: string;
  /** SHA-256 of the policy text as canonical JSON. Always defined in checked definitions. */
  readonly sha256?: string;
  readonly because: string;
  /** Why the policy's sensitive read actions are needed; undefined if the definition gives no reason. */
  readonly sensitive?: string;
}

/** A role that the project permits to both write and delete. */
export interface MixedAccess {
  /** Name of the role. */
  readonly role: string;
  readonly because: string;
  /** The last day on which the permission is valid, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/**
 * The actions of a role for which a human must approve each call. The leases of the role do not permit them. Each call
 * needs a lease of its own, of a role that permits these actions on one resource only.
 */
export interface PerCall {
  /** Full action names, without duplicates, sorted. */
  readonly actions: readonly string[];
  /** Name of the role for single calls. */
  readonly role: string;
  /** The resource of a call, as a template that ends with `${param.call}`. */
  readonly resource: string;
  /** The only values of `${param.call}`. If undefined, it may be any text. */
  readonly values?: readonly string[];
}

/** A waiver, which visibly suppresses a guardrail for one role. */
export interface Waiver {
  readonly guardrail: string;
  readonly because: string;
  /** The last day on which the waiver is valid, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** An IAM role in one environment, with permissions for one kind of task. */
export interface Role {
  readonly name: string;
  /** One sentence that a human approver reads. */
  readonly purpose: string;
  readonly access: Access;
  /** The gates of the role: never empty, sorted, without duplicates. */
  readonly gates: readonly Gate[];
  /**
   * Names of the agents that may request the role, sorted. If `mfa` is the only gate, all agents are IAM users. If the
   * role also has the gate `broker`, agents that are not IAM users request it from the broker.
   */
  readonly agents: readonly string[];
  readonly lease: { readonly defaultSeconds: number; readonly maxSeconds: number };
  /** The broker's rules for the role; defined if `gates` contains `broker`. */
  readonly broker?: BrokerRules;
  /** Sorted by name. */
  readonly parameters: readonly Parameter[];
  readonly allow: readonly Allow[];
  /**
   * AWS-managed policies that the role has in addition to `allow`. Only roles for people can have AWS-managed policies.
   */
  readonly managedPolicies?: readonly PinnedPolicy[];
  /** Deny statements of the role, which override `allow`. */
  readonly deny: readonly Allow[];
  /** The actions for which a human must approve each call; undefined if there are none. `deny` contains them too. */
  readonly perCall?: PerCall;
  /** The name of the other role, if this role is for single calls of another role. */
  readonly callOf?: string;
  readonly passes: readonly PassedRole[];
  readonly assumes: readonly AssumedRole[];
  /** Additional services that the role may use, for example `secretsmanager` with `rds-data`. */
  readonly companions: readonly string[];
  readonly sensitive: readonly SensitiveRead[];
  readonly sql?: SqlLimit;
  readonly waivers: readonly Waiver[];
  /** Locates a value of this role. If an override provides the value, the location is in the override. */
  readonly locate: Locate;
}

/** Where Terraform keeps an environment's state. */
export type Backend =
  | { readonly type: 'local' }
  | {
      readonly type: 's3';
      readonly bucket: string;
      readonly key: string;
      readonly region: string;
      readonly kmsKeyId?: string;
    };

/** Settings for alerts and for the CloudTrail trail. */
export interface Alerts {
  /** E-mail addresses that are subscribed to the alert topics; each subscription must be confirmed by e-mail. */
  readonly emails: readonly string[];
  /** `create` for a new multi-region trail, or the ARN of an existing trail. */
  readonly trail: 'create' | { readonly arn: string };
  /**
   * Working hours as whole hours in UTC, end exclusive. Assuming a role outside the working hours causes an alert. If
   * undefined, any hour is accepted. The range spans midnight if `to` is less than `from`: 22 to 6 means 22, 23, 0, 1,
   * 2, 3, 4 and 5 o'clock.
   */
  readonly hours?: { readonly from: number; readonly to: number };
}

/** The content of one Terraform stack: everything that Leasehold deploys in one account and region. */
export interface Environment {
  readonly project: string;
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly partition: Partition;
  /** Sorted by name. */
  readonly agents: readonly Agent[];
  /** Names of the approvers, sorted. Each approver has one MFA device on every agent user. */
  readonly approvers: readonly string[];
  /**
   * Whether the environment is used in production. If so, a role that can write without a human approval or MFA is an
   * error.
   */
  readonly production: boolean;
  /**
   * The default `approval` of roles: the number of humans who must approve, and the time for the approval in seconds.
   */
  readonly approval: { readonly humans: number; readonly windowSeconds: number };
  /**
   * How trust policies ensure that at most one lease can be obtained with each MFA code. If undefined,
   * `token-issue-time`.
   */
  readonly mfa?: { readonly oneCodeOneLease: 'token-issue-time' | 'code-age' };
  /** The environment's broker; defined if a broker is deployed. */
  readonly broker?: Broker;
  /** Sorted by name. */
  readonly principals: readonly Principal[];
  /** Sorted by name. */
  readonly roles: readonly Role[];
  readonly backend: Backend;
  readonly alerts?: Alerts;
  /** Sorted by name. */
  readonly external: readonly ExternalRole[];
  /** Roles that may write and delete. */
  readonly mixedAccess: readonly MixedAccess[];
  /** Guardrails that are suppressed for the entire project. */
  readonly waivers: readonly Waiver[];
  /**
   * Locates a value of the project document. If the environment overrides a value of `backend` or `alerts`, the
   * location is in the environment.
   */
  readonly locate: Locate;
}

/** A whole project, ready to check and synthesize. */
export interface Definitions {
  readonly project: string;
  /** In the order of the project document. */
  readonly environments: readonly Environment[];
}
