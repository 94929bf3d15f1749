/**
 * A Terraform plan as `terraform show -json` writes it, in the parts that a review needs.
 * Source: https://developer.hashicorp.com/terraform/internals/json-format
 */

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** What a plan is going to do with an object. */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget';

/** Before and after, with what is unknown and what is sensitive. */
export interface Change {
  readonly actions: readonly Action[];
  /** `null` where there is nothing. */
  readonly before: unknown;
  /** Without what is unknown. */
  readonly after: unknown;
  /** The shape of `after` with `true` where it is unknown. */
  readonly afterUnknown: unknown;
  /** The shape of `before` with `true` where it is sensitive. */
  readonly beforeSensitive: unknown;
  readonly afterSensitive: unknown;
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

/** A resource instance that the plan speaks of. */
export interface ResourceChange extends Instance {
  /** Where it stood before a `moved` block. */
  readonly previousAddress?: string;
  /** Key of an object that an earlier apply left over. */
  readonly deposed?: string;
  /** JSON pointer in the plan. */
  readonly path: string;
  readonly actions: readonly Action[];
  /** Parses the change. Throws `PlanError` when it has another shape than the format's. */
  change(): Change;
}

/** A resource instance of the state that the plan began with. */
export interface StateResource extends Instance {
  readonly path: string;
  values(): { readonly values: unknown; readonly sensitive: unknown };
}

/** An expression of the configuration: its value where it is constant, and what it refers to. */
export interface Expression {
  readonly constant?: unknown;
  readonly references: readonly string[];
}

/** A plan. Nothing in it is interpreted yet. */
export interface Plan {
  readonly formatVersion: string;
  /** Version of Terraform or OpenTofu that made it. */
  readonly terraform: string;
  /** False when applying it leaves something undone: targets, deferred changes. */
  readonly complete: boolean;
  /** How many resource instances it has, of any type. */
  readonly resources: number;
  readonly changes: readonly ResourceChange[];
  /** Changes that wait for another run, each with the reason. */
  readonly deferred: readonly { readonly change: ResourceChange; readonly reason: string }[];
  /** Resources of the state that no change speaks of, and every data source that was read. */
  readonly prior: readonly StateResource[];
  /** Addresses of actions that the plan invokes (Terraform 1.14). */
  readonly actions: readonly string[];
  readonly outputs: ReadonlyMap<string, Change>;
  /** Values of the root module's input variables. */
  readonly variables: ReadonlyMap<string, unknown>;
  /** The part `configuration`, as it is; `{}` where there is none. */
  readonly configuration: Json;
}

/** Whether a value is a JSON object. */
export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own property of an object, whatever its name; `undefined` for anything else. */
export function own(value: unknown, key: string): unknown {
  return isJson(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The list, or the empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The text, or nothing. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
