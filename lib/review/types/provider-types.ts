/** The class of each Terraform type, and the attributes that were examined to classify it, from the committed table. */
import { CLASSES, type TypeClass } from './classify';
import table from './provider-types.json';
import { isSuspect, namesRole } from './suspects';

/** Version of the provider from which the table was generated. */
export const PROVIDER_VERSION: string = table.provider;

const classes: ReadonlyMap<string, TypeClass> = new Map(
  CLASSES.flatMap((each) => table.classes[each].split(' ').map((name): [string, TypeClass] => [`aws_${name}`, each])),
);

const attributes: Readonly<Record<string, string>> = table.attributes;

/** The class of a type. `undefined` for a type that is not classified. */
export function classOf(type: string): TypeClass | undefined {
  return classes.get(type);
}

/** Every type that is classified. */
export function classifiedTypes(): Iterable<string> {
  return classes.keys();
}

/**
 * The paths in a resource's values that may determine who has access, but were never examined because the type or
 * attribute is newer than the table.
 */
export function unclassifiedPaths(type: string, values: unknown): readonly string[] {
  const name = type.replace(/^aws_/, '');
  const known = new Set(Object.hasOwn(attributes, name) ? attributes[name]?.split(' ') : []);
  const fresh = classOf(type) === undefined;
  return [...new Set(pathsIn(values, '', fresh))].filter((path) => {
    if (known.has(path)) return false;
    const last = path.slice(path.lastIndexOf('.') + 1);
    if (namesRole(last)) return fresh;
    return isSuspect(last) && !(fresh && isHarmlessName(last));
  });
}

/**
 * Whether an attribute's name occurs only in types that do not give access, for example `ssl_policy`, `upgrade_policy`,
 * `mixed_instances_policy`.
 */
function isHarmlessName(name: string): boolean {
  harmless ??= namesOfNeutral();
  return harmless.has(name) && !GENERAL.test(name);
}

let harmless: ReadonlySet<string> | undefined;

/** Attribute names that are too general to be considered harmless in an unknown type. */
const GENERAL =
  /^(acl|(aws_)?accounts?(_ids?)?|grants?|grantees?|members?|permissions?|polic(y|ies)(_document|_json|_arns?)?|principals?(_arns?|_ids?)?|resource_policy|session_policy)$/;

function namesOfNeutral(): ReadonlySet<string> {
  const names = (wanted: boolean) =>
    Object.entries(attributes).flatMap(([type, paths]) => {
      const isNeutral = ['neutral', 'role'].includes(classOf(`aws_${type}`) ?? '');
      return isNeutral === wanted ? paths.split(' ').map((path) => path.slice(path.lastIndexOf('.') + 1)) : [];
    });
  const others = new Set(names(false));
  return new Set(names(true).filter((name) => !others.has(name)));
}

/**
 * Paths of the values that are set, without list indexes. A block is a list of objects. An object outside a list is a
 * map whose keys the author chose, such as tags. In an unknown type, such an object may also be a block.
 */
function pathsIn(values: unknown, prefix: string, fresh: boolean): readonly string[] {
  if (Array.isArray(values)) return values.flatMap((each) => pathsIn(each, prefix, fresh));
  if (typeof values !== 'object' || values === null) return [];
  return Object.entries(values).flatMap(([name, inner]) => {
    if (inner === null || inner === '' || inner === false || (Array.isArray(inner) && inner.length === 0)) return [];
    const path = prefix === '' ? name : `${prefix}.${name}`;
    const deeper = Array.isArray(inner) || (fresh && !/^tags(_all)?$/.test(name));
    return deeper ? [path, ...pathsIn(inner, path, fresh)] : [path];
  });
}
