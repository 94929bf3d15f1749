/**
 * Validated, resolved definitions: what the rest of Leasehold works on.
 *
 * Everything that could be decided at load is decided: variables are substituted, overrides applied, durations are
 * seconds, lists are lists. Only `${param.name}` is left in templates, since its value comes with each lease.
 */

import type { SourceRange } from './finding';
import type { ParameterPattern } from './parameter-alphabet';

/** Where a value stands in its YAML document: keys and list indexes from the document's root. */
export type Path = readonly (string | number)[];

/** Finds the place of a value, or of the nearest enclosing one that is written down. */
export type Locate = (path: Path) => SourceRange;

export type Partition = 'aws' | 'aws-cn' | 'aws-us-gov';
/** What a role's actions may do at most. All but `read` roles may also read what they work on; see {@link MixedAccess}. */
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
      /** The repository's two spellings in a token's `sub`: `org/repo`, and `org@ID/repo@ID` where the ids are given. */
      readonly repositories: readonly string[];
      /** What follows the repository in `sub`, for example `ref:refs/heads/main` or `environment:prod`. */
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
  /** Places a value below `['agents', name]` of the project document, in the environment where that overrides it. */
  readonly locate: Locate;
}

/** A typed value that narrows a role; it travels as the session tag `param.<name>`. */
export interface Parameter {
  readonly name: string;
  readonly description: string;
  /** A regular expression that a value must match as a whole; exclusive with `values`. */
  readonly pattern?: ParameterPattern;
  /** The only values permitted, which IAM itself enforces; exclusive with `pattern`. */
  readonly values?: readonly string[];
  /** The verified identity's value that it is bound to, which the requester cannot choose; of brokered roles alone. */
  readonly from?: Binding;
}

/** A verified identity's value that a parameter is bound to, which the requester cannot choose. */
export type Binding = 'requester.name' | 'subject.sub' | `subject.claims.${string}`;

/** How far the reviewer is heard: not at all, as advice to the approvers, or so that its no is a no. */
export type ReviewerMode = 'off' | 'advise' | 'decide';

/** Who the broker opens a role for, and what it asks before it does. */
export interface BrokerRules {
  /** Humans that must say yes; 0 for none. */
  readonly humans: number;
  /** Seconds in which they can. */
  readonly windowSeconds: number;
  /** With `decide` a reviewer that fails denies; with `advise` it leaves the decision to a human. */
  readonly reviewer: ReviewerMode;
  /** Agents by name and people by group who may ever ask, sorted; nobody else. */
  readonly eligible: { readonly agents: readonly string[]; readonly groups: readonly string[] };
}

/** One statement of what a role permits, or of what it never permits. Strings may hold `${param.name}` and no other variable. */
export interface Allow {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Operator → condition key → values, in the order written. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A sensitive read that is wanted all the same, and why. */
export interface SensitiveRead {
  readonly action: string;
  readonly because: string;
}

/** What limits the SQL of a role that may run it; IAM does not see SQL. */
export interface SqlLimit {
  /** The read-only database user whose credentials the role is given; absent for a service that knows none. */
  readonly databaseUser?: string;
  /** What that user may do in the database, and where that is granted. */
  readonly limits: string;
}

/** A role that exists outside Leasehold, and the most that it can do, by what the project says of it. */
export interface ExternalRole {
  readonly name: string;
  readonly arn: string;
  /** `administrator`: whatever there is. Never holds a parameter. */
  readonly may: readonly Allow[] | 'administrator';
  /** Places a value below `['external', name]` of the project document. */
  readonly locate: Locate;
}

/** A role that a lease may hand to a service, which then acts with it. */
export interface PassedRole {
  readonly role: ExternalRole;
  /** Principal of the service, for example `ecs-tasks.amazonaws.com`. */
  readonly to: string;
  readonly because: string;
}

/** A role that a lease may turn into, for an hour at most. */
export interface AssumedRole {
  readonly role: ExternalRole;
  readonly because: string;
}

/** A role that the project lets write and delete. */
export interface MixedAccess {
  /** Name of the role. */
  readonly role: string;
  readonly because: string;
  /** The last day on which it holds, `YYYY-MM-DD`, UTC. */
  readonly until: string;
}

/** A guardrail set aside for one role, never silently. */
export interface Waiver {
  readonly guardrail: string;
  readonly because: string;
  /** The last day on which it holds, `YYYY-MM-DD`, UTC. */
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
   * Names of the agents that may ask for it, sorted. With `mfa` as the only gate all are IAM users; with a second gate
   * others come by the broker.
   */
  readonly agents: readonly string[];
  readonly lease: { readonly defaultSeconds: number; readonly maxSeconds: number };
  /** Present where `gates` has `broker`. */
  readonly broker?: BrokerRules;
  /** Sorted by name. */
  readonly parameters: readonly Parameter[];
  readonly allow: readonly Allow[];
  /** What it never permits, whatever `allow` says; an explicit deny in the deployed policy. */
  readonly deny: readonly Allow[];
  /** Services beside the role's own that it may touch, for example `secretsmanager` beside `rds-data`. */
  readonly passes: readonly PassedRole[];
  readonly assumes: readonly AssumedRole[];
  readonly companions: readonly string[];
  readonly sensitive: readonly SensitiveRead[];
  readonly sql?: SqlLimit;
  readonly waivers: readonly Waiver[];
  /** Places a value of this role, in the override where an override supplied it. */
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

/** The model that reads requests, and how it is reached. */
export type Reviewer =
  /** Amazon Bedrock's Converse: no key to store. `model` is a model id or an inference profile's. */
  | { readonly provider: 'bedrock'; readonly model: string; readonly region: string; readonly timeoutSeconds: number }
  /** OpenAI's interface, wherever it is served. */
  | {
      readonly provider: 'openai';
      readonly model: string;
      /** For example `https://api.openai.com/v1`. */
      readonly endpoint: string;
      /** Whether it takes a key, which then lies in Secrets Manager. */
      readonly key: boolean;
      readonly timeoutSeconds: number;
    }
  | {
      readonly provider: 'anthropic';
      readonly model: string;
      /** For example `https://api.anthropic.com`. */
      readonly endpoint: string;
      readonly key: true;
      readonly timeoutSeconds: number;
    };

/** Whose tokens prove on whose behalf a requester acts. */
export interface TokenIssuer {
  /** The token's `iss`, to the letter. */
  readonly issuer: string;
  /** What its `aud` or `client_id` must be one of; never empty. */
  readonly audiences: readonly string[];
  /** What its `token_use` must be, where the issuer writes one. */
  readonly tokenUse?: 'id' | 'access';
  /** The one signature algorithm that is taken. */
  readonly algorithm: 'RS256' | 'ES256';
  /** Where its public keys are. */
  readonly jwksUri: string;
  /** Claims that parameters may be bound to, beside `sub`. */
  readonly claims: readonly string[];
}

/** At most so many in so many seconds. */
export interface Budget {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The broker of one environment. */
export interface Broker {
  /** Absent: no model reads requests. */
  readonly reviewer?: Reviewer;
  /** What one requester may spend. Denials have a budget of their own, because agents loop. */
  readonly budgets: { readonly requests: Budget; readonly denials: Budget };
  /** Hours in UTC in which requests are taken, as {@link Alerts.hours}. Absent: any hour is fine. */
  readonly hours?: { readonly from: number; readonly to: number };
  readonly subjects: readonly TokenIssuer[];
  /** Places a value of the broker document. */
  readonly locate: Locate;
}

/** Somebody whom the broker knows: what administrators wrote of them. The store may hold a newer text. */
export interface Principal {
  readonly kind: 'agent' | 'person';
  /** An agent's name in the project; of a person the name of their IAM user, and so of their sessions. */
  readonly name: string;
  /** Of a person; sorted. */
  readonly groups: readonly string[];
  /** Whether a person may change the policies of principals. */
  readonly administrator: boolean;
  /** ARN of a person's IAM user. */
  readonly userArn?: string;
  /** Free text that the reviewer reads; empty for none. */
  readonly policy: string;
  /** Places a value of the principal's document. */
  readonly locate: Locate;
}

/** Who is told, and what is recorded, when something unusual happens. */
export interface Alerts {
  /** Addresses that are subscribed to the alert topics; each must confirm by e-mail. */
  readonly emails: readonly string[];
  /** `create` a multi-region trail, or the ARN of one that exists. */
  readonly trail: 'create' | { readonly arn: string };
  /**
   * Working hours in UTC, whole hours, end exclusive; an assume outside them alerts. Absent: any hour is fine.
   * They pass midnight where `to` is before `from`: 22 to 6 is 22, 23, 0, 1, 2, 3, 4 and 5 o'clock.
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
  /** Names of people, one MFA device each on every agent user; sorted. */
  readonly approvers: readonly string[];
  /** Whether people depend on it: a write that neither human nor MFA opens is an error here. */
  readonly production: boolean;
  /** What a role's `approval` is by default: humans that the broker asks, and the seconds in which they can answer. */
  readonly approval: { readonly humans: number; readonly windowSeconds: number };
  /** Present where a broker is deployed. */
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
  /** Guardrails set aside for the project as a whole. */
  readonly waivers: readonly Waiver[];
  /** Places a value of the project document; of `backend` and `alerts` in the environment where that overrides them. */
  readonly locate: Locate;
}

/** A whole project, ready to check and synthesize. */
export interface Definitions {
  readonly project: string;
  /** In the order of the project document. */
  readonly environments: readonly Environment[];
}
