/** Reads the permissions in a role's policy, in a form in which every permission can be shown to an approver. */
import { type Complain, Field } from './field';
import { parameterFiller } from './parameter-variables';

/**
 * One statement of a lease's permissions as an approver reads it, with the parameters filled in.
 * @example
 * const may: Permission = {
 *   effect: 'Allow',
 *   actions: ['s3:ListBucket'],
 *   resources: ['arn:aws:s3:::hermes-dev-deploy'],
 *   conditions: { StringLike: { 's3:prefix': ['1.4.2/*'] } },
 * };
 * @public
 */
export interface Permission {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Maps each operator to its keys, and each key to its values. Empty if there are no conditions. */
  readonly conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A role's policy. Its content is not trusted. */
export interface RolePolicy {
  readonly arn: string;
  readonly policy: unknown;
}

/**
 * A role's policy with the parameter values filled in.
 * @param complain Creates the error for a policy that cannot be shown in full.
 */
export function permissionsOf(
  { arn, policy }: RolePolicy,
  parameters: Readonly<Record<string, string>>,
  complain: Complain,
): readonly Permission[] {
  const fill = parameterFiller(parameters);
  return readStatements(new Field(policy, `policy of ${arn}`, complain)).map((permission) => ({
    effect: permission.effect,
    actions: permission.actions,
    resources: permission.resources.map(fill),
    conditions: mapped(permission.conditions, (keys) => mapped(keys, (values) => values.map(fill))),
  }));
}

/**
 * The statements of a policy. Parameter values are not filled in. Source of the grammar:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function readStatements(policy: Field): readonly Permission[] {
  // In the older policy version, a variable is plain text, so the statement would match nothing.
  policy.at('Version').oneOf(['2012-10-17']);
  return many(policy.at('Statement'), readStatement);
}

function readStatement(statement: Field): Permission {
  const known = ['Sid', 'Effect', 'Action', 'Resource', 'Condition'];
  statement.entries((field, key) => {
    if (!known.includes(key)) throw field.wrong(`no ${key}, which cannot be shown to an approver`);
  });
  return {
    effect: statement.at('Effect').oneOf(['Allow', 'Deny']),
    actions: texts(statement.at('Action')),
    resources: texts(statement.at('Resource')),
    conditions:
      statement.optional('Condition')?.entries((keys) => keys.entries((values) => many(values, conditionValue))) ?? {},
  };
}

/** IAM compares numbers and booleans as text. */
function conditionValue(field: Field): string {
  const { value } = field;
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || typeof value === 'number') return String(value);
  throw field.wrong('a text');
}

function texts(field: Field): readonly string[] {
  const found = many(field, (element) => element.text());
  if (found.length === 0) throw field.wrong('at least one text');
  return found;
}

/** IAM accepts a single value wherever it accepts a list. */
function many<T>(field: Field, read: (element: Field) => T): readonly T[] {
  return Array.isArray(field.value) ? field.list(read) : [read(field)];
}

function mapped<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Readonly<Record<string, U>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
