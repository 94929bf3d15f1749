/**
 * Parameters of the query protocol: lists, structures, and the constraints in AWS's service models.
 * Source: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 */
import { AwsError } from '../wire/aws-error';

export type Parameters = Readonly<Record<string, string>>;

/** A constraint on a value. Lengths are in UTF-16 code units. `pattern` must match the whole value. */
export interface Constraint {
  readonly required?: true;
  readonly length?: readonly [min: number, max: number];
  readonly pattern?: RegExp;
  /** Range of a whole number. */
  readonly range?: readonly [min: number, max: number];
  /** Whether the value must not appear in an error message. */
  readonly secret?: true;
}

/**
 * Checks values against constraints, by parameter name.
 * @throws {AwsError} `ValidationError` that lists every violation, as in AWS.
 */
export function validate(
  values: Readonly<Record<string, string | undefined>>,
  constraints: Readonly<Record<string, Constraint>>,
): void {
  const faults = Object.entries(constraints).flatMap(([name, constraint]) =>
    violations(name, values[name], constraint),
  );
  if (faults.length === 0) return;
  const count = `${faults.length} validation error${faults.length === 1 ? '' : 's'} detected`;
  throw new AwsError(400, 'ValidationError', `${count}: ${faults.join('; ')}`);
}

function violations(name: string, value: string | undefined, constraint: Constraint): readonly string[] {
  const shown = name.replace(/^[A-Z]+(?![a-z])|^[A-Z]/, (head) => head.toLowerCase());
  const must = (what: string) =>
    `Value${constraint.secret || value === undefined ? (value === undefined ? ' null' : '') : ` '${value.slice(0, LONGEST_SHOWN)}'`} at '${shown}' failed to satisfy constraint: Member must ${what}`;
  if (value === undefined) return constraint.required ? [must('not be null')] : [];
  const { length, pattern, range } = constraint;
  return [
    ...(length && value.length < length[0] ? [must(`have length greater than or equal to ${length[0]}`)] : []),
    ...(length && value.length > length[1] ? [must(`have length less than or equal to ${length[1]}`)] : []),
    ...(pattern && !pattern.test(value) ? [must(`satisfy regular expression pattern: ${written(pattern)}`)] : []),
    ...(range ? outOfRange(value, range).map(must) : []),
  ];
}

const LONGEST_SHOWN = 256;

function outOfRange(value: string, [min, max]: readonly [number, number]): readonly string[] {
  if (!/^-?\d{1,9}$/.test(value)) return ['be a whole number'];
  if (Number(value) < min) return [`have value greater than or equal to ${min}`];
  return Number(value) > max ? [`have value less than or equal to ${max}`] : [];
}

function written(pattern: RegExp): string {
  return pattern.source.replace(/^\^/, '').replace(/\$$/, '');
}

/**
 * A list of structures, `Tags.member.1.Key=…`. For a list of strings, each structure has one field with an empty name.
 * `undefined` if the request does not contain the list.
 * @throws {AwsError} for gaps in the numbers, and for a list with more than `most` items.
 */
export function members(parameters: Parameters, name: string, most: number): readonly Parameters[] | undefined {
  const prefix = `${name}.member.`;
  const found = new Map<number, Record<string, string>>();
  for (const [key, value] of Object.entries(parameters)) {
    if (!key.startsWith(prefix)) continue;
    const [, digits = '', field = ''] = /^([1-9]\d{0,4})(?:\.(.+))?$/.exec(key.slice(prefix.length)) ?? [];
    if (digits === '') throw malformed(key);
    const member = found.get(Number(digits)) ?? Object.create(null);
    member[field] = value;
    found.set(Number(digits), member);
  }
  if (found.size === 0) return undefined;
  if (found.size > most) {
    throw new AwsError(
      400,
      'ValidationError',
      `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must have length less than or equal to ${most}`,
    );
  }
  return Array.from({ length: found.size }, (_, index) => {
    const member = found.get(index + 1);
    if (!member) throw malformed(`${prefix}${index + 1}`);
    return member;
  });
}

/** A list of strings, with parameters such as `TransitiveTagKeys.member.1=…`. */
export function texts(parameters: Parameters, name: string, most: number): readonly string[] | undefined {
  return members(parameters, name, most)?.map((member) => {
    const text = member[''];
    if (text === undefined || Object.keys(member).length > 1) throw malformed(name);
    return text;
  });
}

function malformed(key: string): AwsError {
  return new AwsError(400, 'MalformedInput', `The parameter ${key.slice(0, LONGEST_SHOWN)} cannot be read.`);
}
