/** Follows references in configuration expressions through modules to resource instances. */
import type { Expression } from '../plan/plan';
import { isJson, own } from '../plan/plan';
import { type Configuration, moduleAt, moduleSteps, readExpression } from './configuration';
import type { ResourceInstance } from './resource-instances';

/** The resource instances to which an expression refers. */
export interface Found<T extends ResourceInstance> {
  readonly targets: readonly T[];
  /** Whether the value of the expression can come from only one target. */
  readonly exact: boolean;
}

const DOCUMENT = 'aws_iam_policy_document';

/** Maximum number of expressions to follow for one attribute. The limit also ends circular references. */
const MOST_STEPS = 500;

/** Follows references between the instances of a plan. */
export class References<T extends ResourceInstance> {
  private readonly instances = new Map<string, T[]>();
  private readonly moduleInstances = new Map<string, Set<string>>();

  constructor(
    private readonly configuration: Configuration,
    all: readonly T[],
  ) {
    for (const instance of all) {
      const key = `${instance.module} ${instance.mode} ${instance.type}.${instance.name}`;
      const list = this.instances.get(key);
      if (list === undefined) this.instances.set(key, [instance]);
      else list.push(instance);
      for (const { parent, call, index } of moduleSteps(instance.module)) {
        const calls = `${parent} ${call}`;
        const known = this.moduleInstances.get(calls) ?? new Set();
        this.moduleInstances.set(calls, known.add(index));
      }
    }
  }

  /** The instances of the wanted types that provide the value for an attribute of `instance`. */
  follow(
    instance: Pick<T, 'configuration' | 'module' | 'index'>,
    attribute: string,
    types: readonly string[],
  ): Found<T> {
    return this.followExpression(instance, own(instance.configuration?.expressions, attribute), types);
  }

  /** The instances that provide the value for an expression in the configuration of `instance`. */
  followExpression(
    instance: Pick<T, 'configuration' | 'module' | 'index'>,
    written: unknown,
    types: readonly string[],
  ): Found<T> {
    const expression = readExpression(written);
    const from: From = {
      module: instance.module,
      index: indexText(instance.index),
      forEach: instance.configuration?.forEach,
    };
    const walk: Walk<T> = { targets: new Set(), lost: false, types, steps: 0 };
    this.walk(expression, from, walk);
    const targets = [...walk.targets];
    return { targets, exact: targets.length === 1 && !walk.lost };
  }

  /**
   * Sorted addresses of the managed resources to which an expression refers, directly or through policy document data
   * sources.
   */
  mentioned(instance: Pick<T, 'configuration' | 'module' | 'index'>, written: unknown): readonly string[] {
    const walk: Walk<T> = { targets: new Set(), lost: false, steps: 0, mentioned: new Set() };
    const from: From = {
      module: instance.module,
      index: indexText(instance.index),
      forEach: instance.configuration?.forEach,
    };
    this.walk(everyReference(written), from, walk);
    return [...(walk.mentioned ?? [])].sort();
  }

  private walk(expression: Expression, from: From, walk: Walk<T>): void {
    walk.steps += 1;
    if (walk.steps > MOST_STEPS) {
      walk.lost = true;
      return;
    }
    const references = mostSpecific(expression.references);
    const keyed = references.some((each) => each === 'each.key' || each === 'count.index');
    for (const reference of references) this.reference(reference, { ...from, keyed }, walk);
  }

  private reference(reference: string, from: Keyed, walk: Walk<T>): void {
    if (/^(each\.key|count\.index|path\.|terraform\.|self\b)/.test(reference)) return;
    if (reference.startsWith('each.value')) this.eachValue(from, walk);
    else if (reference.startsWith('var.')) this.variable(reference, from, walk);
    else if (reference.startsWith('module.')) this.module(reference, from, walk);
    else this.resource(reference, from, walk);
  }

  private resource(reference: string, from: Keyed, walk: Walk<T>): void {
    const match = RESOURCE.exec(reference);
    if (match === null || reference.startsWith('local.')) {
      walk.lost = true;
      return;
    }
    const [, data, type = '', name = '', index = '', attribute] = match;
    if (walk.mentioned !== undefined) {
      if (data === undefined)
        walk.mentioned.add(`${from.module === '' ? '' : `${from.module}.`}${type}.${name}${index}`);
      else this.document(from, type, name, walk);
      return;
    }
    if (walk.types?.includes(type) !== true) return;
    // A value built from any other attribute does not identify the resource.
    if (attribute !== undefined && !NAMING.includes(attribute)) walk.lost = true;
    const instances = this.instances.get(`${from.module} ${data ? 'data' : 'managed'} ${type}.${name}`) ?? [];
    const wanted = index !== '' ? index : from.keyed ? from.index : '';
    const same = instances.filter((each) => indexText(each.index) === wanted);
    for (const each of wanted === '' || same.length === 0 ? instances : same) walk.targets.add(each);
  }

  /**
   * The resources to which a policy document data source refers. The value of any other data source does not name a
   * resource of the plan.
   */
  private document({ module }: From, type: string, name: string, walk: Walk<T>): void {
    if (type !== DOCUMENT) return;
    const source = moduleAt(this.configuration.root, module)?.resource('data', type, name);
    this.walk(everyReference(source?.expressions), { module, index: '', forEach: source?.forEach }, walk);
  }

  /** Follows the `for_each` expression to which `each.value` refers. */
  private eachValue(from: From, walk: Walk<T>): void {
    this.walk(from.forEach ?? NOTHING, { ...from, forEach: undefined }, walk);
    this.narrow(walk, from, mostSpecific(from.forEach?.references ?? []).length === 1);
  }

  /** Narrows the instances to which `each.value` may refer to the one with the same key. */
  private narrow(walk: Walk<T>, from: From, sole: boolean): void {
    const same = [...walk.targets].filter((each) => indexText(each.index) === from.index);
    if (!sole || same.length !== 1) return;
    walk.targets.clear();
    for (const each of same) walk.targets.add(each);
  }

  private variable(reference: string, from: From, walk: Walk<T>): void {
    const name = /^var\.([^.[\]]+)/.exec(reference)?.[1] ?? '';
    const step = moduleSteps(from.module).slice(-1)[0];
    const call = step && moduleAt(this.configuration.root, step.parent)?.calls.get(step.call);
    if (step === undefined || call === undefined) {
      walk.lost = true;
      return;
    }
    const value = own(call.expressions, name);
    this.walk(readExpression(value), { module: step.parent, index: step.index, forEach: undefined }, walk);
  }

  private module(reference: string, from: Keyed, walk: Walk<T>): void {
    const match = /^module\.([^.[\]]+)((?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?)(?:\.([^.[\]]+))?/.exec(reference);
    const [, call = '', index = '', output] = match ?? [];
    const instances = [...(this.moduleInstances.get(`${from.module} ${call}`) ?? [])];
    const wanted = index !== '' ? index : from.keyed ? from.index : '';
    const chosen = wanted !== '' && instances.includes(wanted) ? [wanted] : instances;
    if (chosen.length === 0) walk.lost = true;
    for (const each of chosen) {
      const module = `${from.module === '' ? '' : `${from.module}.`}module.${call}${each}`;
      const outputs = moduleAt(this.configuration.root, module)?.outputs ?? {};
      const names = output === undefined ? Object.keys(outputs) : [output];
      for (const name of names) {
        const expression = readExpression(own(own(outputs, name), 'expression'));
        this.walk(expression, { module, index: '', forEach: undefined }, walk);
      }
    }
  }
}

/** Capture groups: data source, type, name, key, attribute. */
const RESOURCE = /^(data\.)?([a-z0-9_-]+)\.([^.[\]]+)((?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?)(?:\.([^.[\]]+))?/;
/** Attributes that identify their own resource. */
const NAMING: readonly string[] = [
  'arn',
  'bucket',
  'execution_arn',
  'function_name',
  'id',
  'json',
  'key_id',
  'minified_json',
  'name',
  'unique_id',
  'url',
];

const NOTHING: Expression = { references: [] };

/** The location of an expression. */
interface From {
  readonly module: string;
  /** Key of the resource instance in the notation of an address. */
  readonly index: string;
  readonly forEach: Expression | undefined;
}

interface Keyed extends From {
  /** Whether the expression uses the key of its own instance. */
  readonly keyed: boolean;
}

interface Walk<T> {
  readonly targets: Set<T>;
  /** Addresses of all resources on the way, if the caller wants addresses instead of targets. */
  readonly mentioned?: Set<string>;
  /** Whether the walk met an expression that a plan does not resolve, such as a local value. */
  lost: boolean;
  readonly types?: readonly string[];
  steps: number;
}

function indexText(index: string | number | undefined): string {
  return index === undefined ? '' : `[${JSON.stringify(index)}]`;
}

/** All references in an expression and in the blocks and lists below it, combined into one expression. */
function everyReference(written: unknown): Expression {
  if (Array.isArray(written)) return { references: written.flatMap((each) => everyReference(each).references) };
  if (!isJson(written)) return NOTHING;
  const deeper = Object.entries(written).flatMap(([key, each]) =>
    key === 'references' || key === 'constant_value' ? [] : everyReference(each).references,
  );
  return { references: [...readExpression(written).references, ...deeper] };
}

/** Terraform lists `a.b.c` and then `a.b`. Only the more specific reference is relevant. */
function mostSpecific(references: readonly string[]): readonly string[] {
  const kept = new Set<string>();
  const shorter = new Set<string>();
  for (const each of references) {
    if (shorter.has(each)) continue;
    kept.add(each);
    for (const { index } of each.matchAll(/[.[]/g)) shorter.add(each.slice(0, index));
  }
  return [...kept];
}
