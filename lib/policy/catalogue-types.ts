/**
 * What the catalogue says of actions, resource types and condition keys.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** AWS's own classes of actions. An action may be of two: "Tagging, Write". */
export type AccessLevel = 'List' | 'Read' | 'Write' | 'Tagging' | 'Permissions management';

/** A kind of resource, as one action accepts it. */
export interface ResourceTypeInfo {
  /** For example `object`. */
  readonly name: string;
  /** ARN formats, for example `arn:${Partition}:s3:::${BucketName}/${ObjectName}`; empty when AWS lists none. */
  readonly arns: readonly string[];
  /** Whether the action needs a resource of this type in every call. */
  readonly required: boolean;
  /** Condition keys that exist when the action works on a resource of this type, in canonical case, sorted. */
  readonly conditionKeys: readonly string[];
}

/** One action of one service. */
export interface ActionInfo {
  /** In canonical case, for example `s3:PutObject`. */
  readonly id: string;
  /** Service prefix in lower case, for example `s3`. */
  readonly service: string;
  /** For example `PutObject`. */
  readonly name: string;
  readonly description: string;
  /** Never empty; composite levels split, in AWS's order. */
  readonly levels: readonly AccessLevel[];
  readonly resourceTypes: readonly ResourceTypeInfo[];
  /** False when a policy can name only Resource `*` for it. */
  readonly scopable: boolean;
  /**
   * Every key, apart from the global ones, that a condition on it may use: its own and those of its resource types,
   * sorted. The tag keys, `aws:RequestTag/…`, `aws:ResourceTag/…` and `aws:TagKeys`, are among them where the action
   * has them.
   */
  readonly conditionKeys: readonly string[];
  /**
   * Actions that the caller needs besides, for example `iam:PassRole`. The reference's current edition lists none: an
   * empty list does not say that none is needed.
   */
  readonly dependentActions: readonly string[];
}

/** The type of a condition key's values. */
export type ConditionKeyType = 'String' | 'ARN' | 'Numeric' | 'Date' | 'Bool' | 'IPAddress' | 'Binary';

export interface ConditionKeyInfo {
  /** In canonical case; a template keeps its hole: `aws:RequestTag/${TagKey}`. */
  readonly key: string;
  readonly type: ConditionKeyType;
  /** Whether a request may carry several values, so that `ForAllValues` and `ForAnyValue` make sense. */
  readonly multivalued: boolean;
  /** Whether AWS puts it into requests of any service. */
  readonly global: boolean;
}

/** What the catalogue knows of a condition key. */
export type ConditionKeyLookup =
  | {
      readonly known: true;
      readonly info: ConditionKeyInfo;
      /** Whether a request of the action can carry the key; true when no action was named. */
      readonly applies: boolean;
      /** When it does not apply: the nearest key by spelling that does. */
      readonly nearest?: string;
    }
  | {
      readonly known: false;
      /** The nearest key by spelling, among those of the action when one was named. */
      readonly nearest?: string;
    };

/**
 * The actions of the services that were loaded. Immutable and synchronous; the same question costs nothing the second
 * time. All look-ups take either case.
 */
export interface Catalogue {
  /** The action, for example of `s3:putobject`; `undefined` when it is unknown or its service is not loaded. */
  action(id: string): ActionInfo | undefined;
  /**
   * The actions that a pattern of a policy covers, sorted by id: `s3:Get*`, `*`. Only loaded services are searched, so
   * `*` means all of AWS only for {@link loadWholeCatalogue}. Nothing matches: an empty list.
   */
  expand(pattern: string): readonly ActionInfo[];
  /** Whether the service is loaded. */
  hasService(prefix: string): boolean;
  /** The loaded services, sorted. */
  services(): readonly string[];
  /** The services that were asked for and that AWS does not list, lower case, sorted. */
  unknownServices(): readonly string[];
  /** The service prefix nearest by spelling, over all of AWS; `undefined` when nothing is near. */
  nearestService(prefix: string): string | undefined;
  /** The action nearest by spelling in the loaded services; `undefined` when nothing is near. */
  nearestAction(id: string): string | undefined;
  /** The resource types of a loaded service whose ARN formats an ARN or ARN pattern may meet. */
  resourceTypesAccepting(arnPattern: string, service: string): readonly string[];
  /**
   * Whether the resource pattern of a policy may name a resource that the action accepts. Wildcards and variables of
   * the pattern stand for anything. An action without resource types accepts `*` alone.
   */
  acceptsResource(action: ActionInfo, arnPattern: string): boolean;
  /** What is known of a condition key, and whether it applies to the action. */
  conditionKey(name: string, action?: ActionInfo): ConditionKeyLookup;
}
