/** Checks the values of a role's parameters before anyone is asked: they become session tags, which IAM trusts. */
import { clipped, PARAMETER_VALUE, TAG_PUNCTUATION } from '@leasehold/contract/text';
import { invalidManifest, invalidRequest } from '../errors';
import type { ParameterEntry } from '../manifest';

/**
 * The values of a role's parameters: exactly the declared ones, each a listed value or a full match of its pattern.
 * @throws LeaseError `invalid-request` with the expected values.
 */
export function checkParameters(
  given: unknown,
  declared: Readonly<Record<string, ParameterEntry>>,
): Readonly<Record<string, string>> {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw invalidRequest('the parameters are no object', 'Give a value for each parameter by its name.');
  }
  const values = new Map<string, unknown>(Object.entries(given ?? {}));
  const names = Object.keys(declared);
  const unknown = [...values.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalidRequest(
      `the role has no parameter ${clipped(unknown, 100)}`,
      names.length === 0 ? 'Leave parameters out.' : `Give exactly these parameters: ${names.join(', ')}.`,
    );
  }
  return Object.freeze(
    Object.fromEntries(
      Object.entries(declared).map(([name, entry]) => [name, checkValue(name, entry, values.get(name))]),
    ),
  );
}

function checkValue(name: string, entry: ParameterEntry, value: unknown): string {
  const { description, pattern, values } = entry;
  if (value === undefined) {
    throw invalidRequest(`the parameter ${name} is missing`, `Give \`${name}\`: ${description}.`);
  }
  if (typeof value !== 'string' || !PARAMETER_VALUE.test(value)) {
    throw invalidRequest(
      `the parameter ${name} is no text of 1 to 256 ASCII letters, digits, spaces and ${TAG_PUNCTUATION}`,
      `Give \`${name}\` without any other character; a wildcard is never taken.`,
    );
  }
  if (values !== undefined) {
    if (values.includes(value)) return value;
    throw invalidRequest(
      `the parameter ${name} is "${value}", which is none of its values`,
      `Give one of ${values.join(', ')}.`,
    );
  }
  if (pattern === undefined) {
    throw invalidManifest(
      `the parameter ${name} has neither values nor a pattern, so that no value can be told to be right`,
      'Give the parameter a pattern in the role and apply it.',
    );
  }
  if (new RegExp(`^(?:${pattern})$`, 'u').test(value)) return value;
  throw invalidRequest(
    `the parameter ${name} is "${value}", which does not match ${pattern}`,
    `Give \`${name}\`: ${description}.`,
  );
}
