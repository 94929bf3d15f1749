/** The data of an import: a source, the roles drafted from it, and what to report. */
import type { ActionInfo, PolicyDocument } from '@leasehold/policy';

/** The highest access level of a written role. No role both writes and deletes. */
export type DraftAccess = 'read' | 'write' | 'delete';

/** Policies that are attached to one principal and together determine its permissions. */
export interface ImportSource {
  /** The base for the names of the roles, for example a file or an IAM role. */
  readonly name: string;
  /** Identity policies. */
  readonly documents: readonly PolicyDocument[];
  /** The permissions boundary of an IAM role. @default none */
  readonly boundary?: PolicyDocument;
}

/** Where the roles are deployed: the values of `${env.…}` while the roles are checked. */
export interface Home {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** Operator → condition key → values. */
export type DraftConditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A resource as a role writes it. */
export interface DraftResource {
  /** Contains `${env.…}`. */
  readonly written: string;
  /** The same, resolved for the environment at home. */
  readonly resolved: string;
  /** A sentence that says how the role is narrower here, if it is. */
  readonly narrower?: string;
}

/** What one statement of a source permits at one access level. */
export interface Unit {
  readonly access: DraftAccess;
  readonly actions: readonly ActionInfo[];
  /** Patterns of the source that match several actions. */
  readonly patterns: readonly string[];
  readonly resources: readonly DraftResource[];
  readonly conditions: DraftConditions;
  readonly from: string;
}

/** A statement of a drafted role. */
export interface DraftStatement {
  /** Actions, and patterns that the source contains as well. */
  readonly actions: readonly string[];
  /** Contain `${env.…}` and `${var.…}`. */
  readonly resources: readonly string[];
  readonly conditions: DraftConditions;
  /** How messages refer to the statement of the source. */
  readonly from: string;
}

/** A drafted role. */
export interface DraftRole {
  readonly name: string;
  readonly source: string;
  readonly access: DraftAccess;
  readonly allow: readonly DraftStatement[];
  readonly deny: readonly DraftStatement[];
  /** Whether the role has resources that only AWS can name, so that `scoped-resources` must be waived. */
  readonly unscoped: boolean;
}

/** Something of the source that no role contains. */
export interface Loss {
  /** Actions or resources, as the source writes them. */
  readonly what: string;
  readonly why: string;
  readonly instead: string;
}

/** Something that the source names but that permits no request. */
export interface Idle {
  readonly what: string;
  readonly why: string;
}

/** What an import reports besides the roles. Texts are unique, in the order found. */
export interface Tale {
  /** What cannot be imported. */
  readonly lost: Loss[];
  /** Where the roles permit less than the source. */
  readonly narrower: Set<string>;
  /** What the source names but never permits. */
  readonly dead: Idle[];
}
