/**
 * The catalogue's data about actions, resource types and condition keys.
 * Source:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** AWS's own access levels. An action may have two access levels: "Tagging, Write". */
export type AccessLevel = 'List' | 'Read' | 'Write' | 'Tagging' | 'Permissions management';

/** A resource type that an action accepts. */
export interface ResourceTypeInfo {
  /** For example `object`. */
  readonly name: string;
  /** ARN formats, for example `arn:${Partition}:s3:::${BucketName}/${ObjectName}`; empty if AWS lists none. */
  readonly arns: readonly string[];
  /** Whether the action needs a resource of this type in every call. */
  readonly required: boolean;
  /** Condition keys that a request for a resource of this type can contain, in canonical case, sorted. */
  readonly conditionKeys: readonly string[];
}

/** One action of one service. */
export interface ActionInfo {
  /** The action's id in canonical case, for example `s3:PutObject`. */
  readonly id: string;
  /** Service prefix in lower case, for example `s3`. */
  readonly service: string;
  /** For example `PutObject`. */
  readonly name: string;
  readonly description: string;
  /** The access levels, in AWS's order; combined levels are split. The list is never empty. */
  readonly levels: readonly AccessLevel[];
  readonly resourceTypes: readonly ResourceTypeInfo[];
  /** False if the only valid resource for the action is `*`. */
  readonly scopable: boolean;
  /**
   * The condition keys of the action and of its resource types, sorted, without global condition keys. The tag keys
   * `aws:RequestTag/…`, `aws:ResourceTag/…` and `aws:TagKeys` are included if the action supports them.
   */
  readonly conditionKeys: readonly string[];
  /**
   * Additional actions that the caller needs, for example `iam:PassRole`. The current reference contains no such data,
   * so an empty list does not mean that no additional action is needed.
   */
  readonly dependentActions: readonly string[];
}

/** The type of a condition key's values. */
export type ConditionKeyType = 'String' | 'ARN' | 'Numeric' | 'Date' | 'Bool' | 'IPAddress' | 'Binary';

export interface ConditionKeyInfo {
  /** The key in canonical case. A template key contains its placeholder: `aws:RequestTag/${TagKey}`. */
  readonly key: string;
  readonly type: ConditionKeyType;
  /** Whether a request may contain several values, so that a condition needs `ForAllValues` or `ForAnyValue`. */
  readonly multivalued: boolean;
  /** Whether requests to every service can contain the key. */
  readonly global: boolean;
}

/** The result of looking up a condition key. */
export type ConditionKeyLookup =
  | {
      readonly known: true;
      readonly info: ConditionKeyInfo;
      /** Whether a request for the action can contain the key; true if no action was given. */
      readonly applies: boolean;
      /** If the looked-up key does not apply to the action: the applicable key with the most similar spelling. */
      readonly nearest?: string;
    }
  | {
      readonly known: false;
      /** The key with the most similar spelling, among the action's keys if an action was given. */
      readonly nearest?: string;
    };

/**
 * The actions of the loaded services. The catalogue is immutable, and its methods are synchronous, cache their results,
 * and ignore case.
 */
export interface Catalogue {
  /**
   * The action with this id, for example `s3:putobject`; `undefined` if the action is unknown or its service is not
   * loaded.
   */
  action(id: string): ActionInfo | undefined;
  /**
   * The actions that match a policy's pattern, such as `s3:Get*` or `*`, sorted by id; empty if none match. Only loaded
   * services are searched, so `*` covers all of AWS only with {@link loadWholeCatalogue}.
   */
  expand(pattern: string): readonly ActionInfo[];
  /** Whether the service is loaded. */
  hasService(prefix: string): boolean;
  /** The loaded services, sorted. */
  services(): readonly string[];
  /** The requested services that AWS's reference does not contain, in lower case, sorted. */
  unknownServices(): readonly string[];
  /** The AWS service prefix with the most similar spelling; `undefined` if no prefix is similar. */
  nearestService(prefix: string): string | undefined;
  /** The action with the most similar spelling in the loaded services; `undefined` if no action is similar. */
  nearestAction(id: string): string | undefined;
  /** The resource types of a loaded service whose ARN format can match the ARN or ARN pattern. */
  resourceTypesAccepting(arnPattern: string, service: string): readonly string[];
  /**
   * Whether the resource pattern of a policy can match a resource that the action accepts. The pattern's wildcards and
   * variables match anything. An action without resource types accepts only `*`.
   */
  acceptsResource(action: ActionInfo, arnPattern: string): boolean;
  /** Looks up a condition key, and determines whether the key applies to the action. */
  conditionKey(name: string, action?: ActionInfo): ConditionKeyLookup;
}
