/**
 * Validated, resolved definitions, the input of all other packages.
 *
 * Everything that can be resolved at load time is: variables are substituted, overrides applied, durations converted to
 * seconds, and single values to lists. Only `${param.name}` remains in templates, because its value differs between
 * leases.
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
 * The highest access level of a role's actions. All roles may also read what they work on; see {@link MixedAccess}.
 */
export type Access = 'read' | 'write' | 'delete' | 'write+delete';
/** What opens a role: a human's TOTP on the agent's own STS call, or the broker. */
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
   * Locates a value below `['agents', name]` of the project document, in the environment if it overrides the value.
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
   * The value of a verified identity that it is bound to, which the requester cannot choose. Only for roles with gate
   * `broker`.
   */
  readonly from?: Binding;
}

/** A value of a verified identity that a parameter is bound to, which the requester cannot choose. */
export type Binding = 'requester.name' | 'subject.sub' | `subject.claims.${string}`;

/**
 * One statement of what a role permits or denies. Of variables, strings may contain `${param.name}`, `${lease.id}`,
 * IAM's escapes `${*}`, `${?}` and `${$}`, and in a condition on a tag of the request the same tag of the resource.
 */
export interface Allow {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → condition key → values, in the order written. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A sensitive read that is intended, and the reason. */
export interface SensitiveRead {
  readonly action: string;
  readonly because: string;
}

/** What limits the SQL of a role that may run it; IAM does not see SQL. */
export interface SqlLimit {
  /**
   * The read-only database user whose credentials the role can use; undefined for a service without database users.
   */
  readonly databaseUser?: string;
  /** What that user may do in the database, and where this is granted. */
  readonly limits: string;
}

/** A role outside Leasehold, and its maximum permissions as the project declares them. */
export interface ExternalRole {
  readonly name: string;
  readonly arn: string;
  /** `administrator`: all permissions. Statements never contain a parameter. */
  readonly may: readonly Allow[] | 'administrator';
  /** Locates a value below `['external', name]` of the project document. */
  readonly locate: Locate;
}

/** A role that a lease may pass to a service, which then uses it. */
export interface PassedRole {
  readonly role: ExternalRole;
  /** Principal of the service, for example `ecs-tasks.amazonaws.com`. */
  readonly to: string;
  readonly because: string;
}

/** A role that a lease may assume, for at most one hour. */
export interface AssumedRole {
  readonly role: ExternalRole;
  readonly because: string;
}

/** An AWS-managed policy on a role for people, pinned to the text that was read. */
export interface PinnedPolicy {
  /** For example `arn:aws:iam::aws:policy/SecurityAudit`. */
  readonly arn: string;
  /** SHA-256 of the canonical JSON of its text. Always there in checked definitions. */
  readonly sha256?: string;
  readonly because: string;
  /** Why its sensitive reads are needed; undefined if nothing is stated. */
  readonly sensitive?: string;
}

/** A role that the project permits to both write and delete. */
export interface MixedAccess {
  /** Name of the role. */
  readonly role: string;
  readonly because: string;
  /** The last day on which it is valid, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** The visible suppression of a guardrail for one role. */
export interface Waiver {
  readonly guardrail: string;
  readonly because: string;
  /** The last day on which it is in force, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** A purpose-scoped IAM role in one environment: one kind of task. */
export interface Role {
  readonly name: string;
  /** One sentence that a human approver reads. */
  readonly purpose: string;
  readonly access: Access;
  /** Never empty; sorted, without repeats. */
  readonly gates: readonly Gate[];
  /**
   * Names of the agents that may request it, sorted. With `mfa` as the only gate all are IAM users; with a second gate,
   * other agents use the broker.
   */
  readonly agents: readonly string[];
  readonly lease: { readonly defaultSeconds: number; readonly maxSeconds: number };
  /** Set if `gates` contains `broker`. */
  readonly broker?: BrokerRules;
  /** Sorted by name. */
  readonly parameters: readonly Parameter[];
  readonly allow: readonly Allow[];
  /** AWS-managed policies that it has in addition to `allow`. Only for people; absent for most roles. */
  readonly managedPolicies?: readonly PinnedPolicy[];
  /** What it denies, regardless of `allow`: an explicit deny in the deployed policy. */
  readonly deny: readonly Allow[];
  readonly passes: readonly PassedRole[];
  readonly assumes: readonly AssumedRole[];
  /** Services other than the role's own that it may use, for example `secretsmanager` with `rds-data`. */
  readonly companions: readonly string[];
  readonly sensitive: readonly SensitiveRead[];
  readonly sql?: SqlLimit;
  readonly waivers: readonly Waiver[];
  /** Locates a value of this role, in the override if that provides the value. */
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

/** Who is alerted, and what is recorded, when something unusual happens. */
export interface Alerts {
  /** Addresses that are subscribed to the alert topics; each must confirm by e-mail. */
  readonly emails: readonly string[];
  /** `create` a multi-region trail, or the ARN of one that exists. */
  readonly trail: 'create' | { readonly arn: string };
  /**
   * Working hours in UTC, whole hours, end exclusive; assuming a role outside them causes an alert. If undefined, any
   * hour is accepted. The range passes midnight if `to` is less than `from`: 22 to 6 is 22, 23, 0, 1, 2, 3, 4 and 5
   * o'clock.
   */
  readonly hours?: { readonly from: number; readonly to: number };
}

/** One account and region, with everything that is deployed there: one Terraform stack. */
export interface Environment {
  readonly project: string;
  readonly name: string;
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
  readonly partition: Partition;
  /** Sorted by name. */
  readonly agents: readonly Agent[];
  /** Names of people, who each have one MFA device on every agent user; sorted. */
  readonly approvers: readonly string[];
  /** Whether people depend on it. If so, a write that needs neither a human nor MFA is an error. */
  readonly production: boolean;
  /**
   * The default `approval` of roles: the number of humans that the broker asks, and the seconds in which they can
   * answer.
   */
  readonly approval: { readonly humans: number; readonly windowSeconds: number };
  /** How trust policies limit what one MFA code opens. If undefined, by `token-issue-time`. */
  readonly mfa?: { readonly oneCodeOneLease: 'token-issue-time' | 'code-age' };
  /** Set if a broker is deployed. */
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
   * Locates a value of the project document; values of `backend` and `alerts` in the environment if it overrides them.
   */
  readonly locate: Locate;
}

/** A whole project, ready to check and synthesize. */
export interface Definitions {
  readonly project: string;
  /** In the order of the project document. */
  readonly environments: readonly Environment[];
}
