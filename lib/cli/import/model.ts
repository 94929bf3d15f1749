/** What an import works on: a source, the roles that are drafted from it, and what is told beside them. */
import type { ActionInfo, PolicyDocument } from '@leasehold/policy';

/** What a role that is written may do at most; none both writes and deletes. */
export type DraftAccess = 'read' | 'write' | 'delete';

/** Policies that are attached together: what one principal may do. */
export interface ImportSource {
  /** What the roles are named after, for example a file or an IAM role. */
  readonly name: string;
  /** Identity policies. */
  readonly documents: readonly PolicyDocument[];
  /** The permissions boundary of an IAM role. @default none */
  readonly boundary?: PolicyDocument;
}

/** Where the roles are deployed: what `${env.…}` stands for while they are checked. */
export interface Home {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** Operator → condition key → values. */
export type DraftConditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A resource as a role writes it. */
export interface DraftResource {
  /** With `${env.…}`. */
  readonly written: string;
  /** The same for the environment at home. */
  readonly resolved: string;
  /** What it narrows, as a sentence. */
  readonly narrower?: string;
}

/** What one statement of a source permits at one access level. */
export interface Unit {
  readonly access: DraftAccess;
  readonly actions: readonly ActionInfo[];
  /** Patterns of the source that stand for several actions. */
  readonly patterns: readonly string[];
  readonly resources: readonly DraftResource[];
  readonly conditions: DraftConditions;
  readonly from: string;
}

/** A statement of a role to be written. */
export interface DraftStatement {
  /** Actions, and patterns that the source has too. */
  readonly actions: readonly string[];
  /** With `${env.…}` and `${var.…}`. */
  readonly resources: readonly string[];
  readonly conditions: DraftConditions;
  /** The statement of the source, as a reader finds it. */
  readonly from: string;
}

/** A role to be written. */
export interface DraftRole {
  readonly name: string;
  readonly source: string;
  readonly access: DraftAccess;
  readonly allow: readonly DraftStatement[];
  readonly deny: readonly DraftStatement[];
  /** Whether it keeps resources that only AWS can name, so that `scoped-resources` must be waived. */
  readonly unscoped: boolean;
}

/** Something of the source that no role has. */
export interface Loss {
  /** Actions or resources, as a reader finds them in the source. */
  readonly what: string;
  readonly why: string;
  readonly instead: string;
}

/** Something that the source names and that no request is permitted by. */
export interface Idle {
  readonly what: string;
  readonly why: string;
}

/** What an import tells, beside the roles. Each text once, in the order found. */
export interface Tale {
  /** What cannot be had. */
  readonly lost: Loss[];
  /** Where the roles permit less than the source. */
  readonly narrower: Set<string>;
  /** What the source names and never permits. */
  readonly dead: Idle[];
}
