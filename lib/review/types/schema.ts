/**
 * Reduces the types of a provider to the data that a review uses. Reads the output of `terraform providers schema
 * -json`.
 */
import { CLASSES, classify, lastOf, type TypeClass } from './classify';
import { isSuspect, namesRole } from './suspects';

/**
 * Every type, grouped by class and named without `aws_`, and the attributes that were examined to classify the type.
 */
export interface ProviderTypes {
  /** Version of the provider. */
  readonly provider: string;
  /** The type names of each class, separated by spaces. */
  readonly classes: Readonly<Record<TypeClass, string>>;
  /** Maps a type to the paths of its attributes whose names suggest access. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Summarizes the schema of the AWS provider. Throws if the schema belongs to another provider. */
export function providerTypes(schema: unknown, provider: string): ProviderTypes {
  const schemas = part(schema, 'provider_schemas');
  const [key] = Object.keys(object(schemas)).filter((name) => /\/hashicorp\/aws$/.test(name));
  const types = Object.entries(object(part(part(schemas, key ?? ''), 'resource_schemas')));
  if (types.length === 0) throw new Error('The schema has no types of hashicorp/aws.');
  const classes = Object.fromEntries(CLASSES.map((each) => [each, [] as string[]])) as Record<TypeClass, string[]>;
  const attributes: Record<string, string> = {};
  for (const [type, { block }] of types.toSorted(([one], [other]) => (one < other ? -1 : 1)) as [string, Json][]) {
    const telling = [...new Set(pathsOf(block, ''))].filter((path) => {
      const name = lastOf(path);
      return isSuspect(name) || namesRole(name);
    });
    const name = type.replace(/^aws_/, '');
    classes[classify(type, telling)].push(name);
    if (telling.length > 0) attributes[name] = telling.toSorted().join(' ');
  }
  const texts = CLASSES.map((each) => [each, classes[each].join(' ')] as const);
  return { provider, classes: Object.fromEntries(texts) as Record<TypeClass, string>, attributes };
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Paths of attributes at any depth. Includes attributes that only AWS sets, so that they count as examined when they
 * occur in a plan.
 */
function pathsOf(block: unknown, prefix: string): readonly string[] {
  const own = Object.entries(object(part(block, 'attributes'))).flatMap(([name, attribute]): readonly string[] => {
    const path = `${prefix}${name}`;
    const nested = part(attribute, 'nested_type');
    return [path, ...pathsOf(nested, `${path}.`), ...pathsOfType(part(attribute, 'type'), `${path}.`)];
  });
  const inner = Object.entries(object(part(block, 'block_types'))).flatMap(([name, nested]) => [
    `${prefix}${name}`,
    ...pathsOf(part(nested, 'block'), `${prefix}${name}.`),
  ]);
  return [...own, ...inner];
}

/** Paths in an attribute type such as `["list", ["object", { … }]]`. */
function pathsOfType(type: unknown, prefix: string): readonly string[] {
  if (!Array.isArray(type)) return [];
  const [kind, inner] = type as readonly unknown[];
  if (kind !== 'object') return pathsOfType(inner, prefix);
  return Object.entries(object(inner)).flatMap(([name, each]) => [
    `${prefix}${name}`,
    ...pathsOfType(each, `${prefix}${name}.`),
  ]);
}

function part(value: unknown, key: string): unknown {
  return object(value)[key];
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}
