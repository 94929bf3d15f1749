/** Builds complete ARNs for examples in hints, with the environment's values and with a name that the user replaces. */
import { kebabCase } from '@leasehold/contract/text';
import type { Environment } from '@leasehold/definitions';
import { type ActionInfo, type Catalogue, parseArn, type ResourceTypeInfo } from '@leasehold/policy';

/**
 * ARNs that all of these actions support, with a literal first name. If an action has several resource types, the types
 * that the action requires are used; if the definition names a resource, the type whose ARN format matches this
 * resource is used (the most similar one, if several match).
 */
export function exampleResources(
  actions: readonly ActionInfo[],
  written: string,
  environment: Environment,
  catalogue: Catalogue,
): readonly string[] {
  if (written !== '*') {
    const format = fittingFormat(actions, written, catalogue);
    return format === undefined ? [] : [example(format, environment)];
  }
  const found = new Set<string>();
  const choices = actions.map((action) => ({ action, types: typesFor(action) }));
  // Actions that accept several resource types, such as tagging actions, come last, because they often accept the type
  // that another action requires.
  for (const { action, types } of choices.toSorted((a, b) => Number(a.types.length > 1) - Number(b.types.length > 1))) {
    const isChoice = types.some(({ required }) => !required) && types.length > 1;
    if (isChoice && [...found].some((arn) => catalogue.acceptsResource(action, arn))) continue;
    for (const { arns } of isChoice ? types.slice(0, 1) : types) found.add(example(arns[0] ?? '', environment));
  }
  return [...found];
}

function typesFor(action: ActionInfo): readonly ResourceTypeInfo[] {
  const listed = action.resourceTypes.filter((type) => type.arns.length > 0 && !isAccessPoint(type));
  const required = listed.filter((type) => type.required);
  return required.length > 0 ? required : listed;
}

/**
 * The ARN format that a written resource matches. A wildcard matches across colons, so several formats may match; the
 * most similar format is chosen.
 */
export function fittingFormat(
  actions: readonly ActionInfo[],
  written: string,
  catalogue: Catalogue,
): string | undefined {
  const formats = actions.flatMap(({ service, resourceTypes }) => {
    const fitting = new Set(catalogue.resourceTypesAccepting(written, service));
    return resourceTypes.filter((type) => fitting.has(type.name) && !isAccessPoint(type)).flatMap(({ arns }) => arns);
  });
  return formats.toSorted((a, b) => likeness(b, written) - likeness(a, written))[0];
}

/** An access point is another way to reach a bucket. */
function isAccessPoint({ name }: ResourceTypeInfo): boolean {
  return /^accesspoint/i.test(name);
}

function example(format: string, { partition, region, account }: Environment): string {
  const arn = format
    .replaceAll('${Partition}', partition)
    .replaceAll('${Region}', region)
    .replaceAll('${Account}', account);
  let isNamed = false;
  const filled = arn.replaceAll(/\$\{([^}]+)\}/g, (_, hole: string, at: number) => {
    // AWS generates the id, and people choose the name that follows it.
    const isBeforeName = /id$/i.test(hole) && /name\}/i.test(arn.slice(at + hole.length + 3));
    if (isNamed || isBeforeName) return '*';
    isNamed = true;
    return `my-${kebabCase(hole).replace(/-name(?:-with-path)?$/, '')}`;
  });
  return filled.replace(/\*(?:[/:]?\*)+$/, '*');
}

/** The length of the common start of the last parts of two ARNs. */
export function likeness(format = '', text = ''): number {
  const [a = '', b = ''] = [format, text].map((arn) => arn.split(':').slice(5).join(':'));
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** The name of a role in its ARN, as a name of the definitions; undefined for an ARN without a literal role name. */
export function nameOfRole(arn: string): string | undefined {
  const parsed = parseArn(arn);
  const [, name] = /^role\/(?:.+\/)?([^/]+)$/.exec(parsed?.service === 'iam' ? parsed.resource : '') ?? [];
  if (name === undefined || /[*?$]/.test(name)) return undefined;
  const found = kebabCase(name)
    .replace(/^[^a-z]+/, '')
    .slice(0, 31)
    .replace(/-+$/, '');
  return found === '' ? undefined : found;
}
