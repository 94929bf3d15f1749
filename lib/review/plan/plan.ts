/**
 * The parts of a Terraform plan that a review needs, in the format of `terraform show -json`. Source:
 * https://developer.hashicorp.com/terraform/internals/json-format
 */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** What a plan does with a resource instance. */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget';

/** The values before and after the plan, and which of the values are unknown or sensitive. */
export interface Change {
  readonly actions: readonly Action[];
  /** `null` if the object does not exist. */
  readonly before: unknown;
  /** The values after the plan, without unknown values. */
  readonly after: unknown;
  /** Has the shape of `after`, with `true` for unknown values. */
  readonly afterUnknown: unknown;
  /** Has the shape of `before`, with `true` for sensitive values. */
  readonly beforeSensitive: unknown;
  readonly afterSensitive: unknown;
  /** Whether the plan imports the object into the state. */
  readonly imported: boolean;
}

/** One resource instance, in any part of a plan. */
export interface Instance {
  readonly address: string;
  readonly mode: 'managed' | 'data';
  /** Type, for example `aws_iam_role`. */
  readonly type: string;
  readonly name: string;
  /** Address of the module instance; empty for the root module. */
  readonly module: string;
  /** Key under `count` or `for_each`. */
  readonly index?: string | number;
  /** Source address of the provider, for example `registry.terraform.io/hashicorp/aws`. */
  readonly provider: string;
}

/** A resource instance in the plan's changes. */
export interface ResourceChange extends Instance {
  /** The address before a `moved` block. */
  readonly previousAddress?: string;
  /** Key of a deposed object that an earlier apply left behind. */
  readonly deposed?: string;
  /** JSON pointer in the plan. */
  readonly path: string;
  readonly actions: readonly Action[];
  /** Parses the change. Throws `PlanError` if it does not match the plan format. */
  change(): Change;
}

/** A resource instance in the state before the plan. */
export interface StateResource extends Instance {
  readonly path: string;
  values(): { readonly values: unknown; readonly sensitive: unknown };
}

/** An expression in the configuration: its value if it is constant, and its references. */
export interface Expression {
  readonly constant?: unknown;
  readonly references: readonly string[];
}

/** A parsed plan, in which the values are not interpreted yet. */
export interface Plan {
  readonly formatVersion: string;
  /** Version of Terraform or OpenTofu that created the plan. */
  readonly terraform: string;
  /** Whether the plan is complete. False if it is partial because of targets or deferred changes. */
  readonly complete: boolean;
  /** Number of resource instances in the plan, of any type. */
  readonly resources: number;
  readonly changes: readonly ResourceChange[];
  /** Deferred changes, each with the reason. */
  readonly deferred: readonly { readonly change: ResourceChange; readonly reason: string }[];
  /** The resources in the state that do not change, and every data source that was read. */
  readonly prior: readonly StateResource[];
  /** What the refresh changed in the values of the state: before and after the refresh. */
  readonly drift: readonly ResourceChange[];
  /** Addresses of actions that the plan invokes (Terraform 1.14). */
  readonly actions: readonly string[];
  readonly outputs: ReadonlyMap<string, Change>;
  /** Values of the root module's input variables. */
  readonly variables: ReadonlyMap<string, unknown>;
  /** The `configuration` part, unchanged; `{}` if the plan has no such part. */
  readonly configuration: Json;
}

/** Whether a value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of an object. Empty for any other value. */
export function keysOf(value: unknown): readonly string[] {
  return isJson(value) ? Object.keys(value) : [];
}

/** An own property of an object, with any name. `undefined` if the value is not an object. */
export function own(value: unknown, key: string): unknown {
  return isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The value if it is a list, else an empty list. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The value if it is a string, else undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
