/** The resource instances of a plan, with their values before and after the plan. */
import type { Place } from '../model';
import { type Action, type Instance, own, type Plan, type ResourceChange, type StateResource } from '../plan/plan';
import { type Configuration, moduleAt, type ResourceConfiguration } from './configuration';
import type { Scope } from './scope';
import { Value } from './value';

export type Side = 'before' | 'after';

/** A resource instance on both sides of a plan. */
export interface ResourceInstance extends Instance {
  readonly before: Value | undefined;
  /** The values after the plan. A forgotten resource still exists after the plan. */
  readonly after: Value | undefined;
  readonly actions: readonly Action[];
  /** Whether Terraform removes the resource from the state without destroying it. */
  readonly forgotten: boolean;
  readonly deposed: boolean;
  /** Whether the plan imports the resource into the state. */
  readonly imported: boolean;
  /** Undefined for a resource that is no longer configured. */
  readonly configuration: ResourceConfiguration | undefined;
}

/** A resource instance with its account, if the account is known. */
export interface ScopedInstance extends ResourceInstance {
  readonly scope: Scope;
}

/** Reads the instances of the wanted types. */
export function readInstances(
  plan: Plan,
  configuration: Configuration,
  wanted: (type: string, mode: string) => boolean,
): readonly ResourceInstance[] {
  const configured = ({ module, mode, type, name }: Instance) =>
    moduleAt(configuration.root, module)?.resource(mode, type, name);
  return [
    ...plan.changes
      .filter(({ type, mode }) => wanted(type, mode))
      .map((change) => fromChange(change, configured(change))),
    ...plan.prior
      .filter(({ type, mode }) => wanted(type, mode))
      .map((resource) => fromState(resource, configured(resource))),
  ];
}

/** The location of an attribute in an instance. */
export function placeOf({ address }: Instance, attribute?: string): Place {
  return attribute === undefined ? { address } : { address, attribute };
}

/** Whether the configuration sets an attribute or block; `undefined` if the configuration is unknown. */
export function isConfigured({ configuration }: ResourceInstance, attribute: string): boolean | undefined {
  return configuration === undefined ? undefined : own(configuration.expressions, attribute) !== undefined;
}

function fromChange(resource: ResourceChange, configuration: ResourceConfiguration | undefined): ResourceInstance {
  const { change: read, ...where } = resource;
  const { actions, before, after, afterUnknown, beforeSensitive, afterSensitive, imported } = read();
  const forgotten = actions.includes('forget') && !actions.includes('create');
  const was =
    before === null
      ? undefined
      : new Value(before, false, beforeSensitive, { side: 'after', value: forgotten ? before : after });
  const willBe =
    after === null
      ? undefined
      : new Value(after, afterUnknown, afterSensitive, { side: 'before', value: before ?? undefined });
  return {
    ...where,
    actions,
    before: was,
    after: forgotten ? was : willBe,
    forgotten,
    deposed: resource.deposed !== undefined,
    imported,
    configuration,
  };
}

function fromState(resource: StateResource, configuration: ResourceConfiguration | undefined): ResourceInstance {
  const { values: read, ...where } = resource;
  const { values, sensitive } = read();
  const value = new Value(values, false, sensitive);
  return {
    ...where,
    actions: ['no-op'],
    before: value,
    after: value,
    forgotten: false,
    deposed: false,
    imported: false,
    configuration,
  };
}
