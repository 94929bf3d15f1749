/** The data of an import: a source, the roles drafted from it, and the information to report. */
import type { ActionInfo, PolicyDocument } from '@leasehold/policy';

/** The highest access level of an imported role. No imported role can both write and delete. */
export type DraftAccess = 'read' | 'write' | 'delete';

/** Policies that are attached to one principal and together determine its permissions. */
export interface ImportSource {
  /** The string from which role names are formed, for example the name of a file or of an IAM role. */
  readonly name: string;
  /** Identity policies. */
  readonly documents: readonly PolicyDocument[];
  /** The permissions boundary of an IAM role. @default none */
  readonly boundary?: PolicyDocument;
}

/** The environment in which the roles are deployed. Provides the values of `${env.…}` while the roles are checked. */
export interface Home {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
}

/** Maps each operator to its condition keys, and each key to its values. */
export type DraftConditions = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** A resource as a role writes it. */
export interface DraftResource {
  /** The resource text. Contains `${env.…}`. */
  readonly written: string;
  /** The resource text with the values of {@link Home} in place of `${env.…}`. */
  readonly resolved: string;
  /**
   * A sentence that describes how this part of the role is narrower than the source. Undefined if the part is not
   * narrower.
   */
  readonly narrower?: string;
}

/** The permissions that one statement of a source grants at one access level. */
export interface Unit {
  readonly access: DraftAccess;
  readonly actions: readonly ActionInfo[];
  /** Patterns in the source that match several actions. */
  readonly patterns: readonly string[];
  readonly resources: readonly DraftResource[];
  readonly conditions: DraftConditions;
  readonly from: string;
}

/** A statement of a drafted role. */
export interface DraftStatement {
  /** Actions and action patterns. Each pattern also occurs in the source. */
  readonly actions: readonly string[];
  /** Resource texts with the placeholders `${env.…}` and `${var.…}`. */
  readonly resources: readonly string[];
  readonly conditions: DraftConditions;
  /** How messages refer to the statement in the source. */
  readonly from: string;
}

/** A drafted role. */
export interface DraftRole {
  readonly name: string;
  readonly source: string;
  readonly access: DraftAccess;
  readonly allow: readonly DraftStatement[];
  readonly deny: readonly DraftStatement[];
  /** Whether the role has resources whose names only AWS can generate, so that `scoped-resources` must be waived. */
  readonly unscoped: boolean;
}

/** An action or a resource of the source that the roles do not contain. */
export interface Loss {
  /** Actions or resources, as they are written in the source. */
  readonly what: string;
  readonly why: string;
  readonly instead: string;
}

/**
 * An action or a resource that the source mentions, although the source does not permit any request with this action or
 * resource.
 */
export interface Idle {
  readonly what: string;
  readonly why: string;
}

/**
 * All information that an import reports in addition to the roles. In each list, the strings are unique and in the
 * order in which they were found.
 */
export interface Tale {
  /** Parts of the source that cannot be imported. */
  readonly lost: Loss[];
  /** Sentences that describe how the roles permit less than the source. */
  readonly narrower: Set<string>;
  /** Actions and resources that the source mentions but does not permit. */
  readonly dead: Idle[];
}
