/**
 * Checks the values of a role's parameters before any person is asked. The values become session tags, which IAM
 * trusts.
 */
import { PARAMETER_CHARACTERS, parameterFault } from '@leasehold/contract/request-rules';
import { clipped } from '@leasehold/contract/text';
import { invalidManifest, invalidRequest } from '../errors';
import type { ParameterEntry } from '../manifest';

/**
 * Checks that each declared parameter has a value and that there are no other values. Each value must be one of the
 * listed values, or must fully match the parameter's pattern.
 * @throws LeaseError `invalid-request` with the expected values.
 */
export function checkParameters(
  given: unknown,
  declared: Readonly<Record<string, ParameterEntry>>,
): Readonly<Record<string, string>> {
  if (given !== undefined && (typeof given !== 'object' || given === null || Array.isArray(given))) {
    throw invalidRequest(
      '`parameters` is not an object',
      'Pass an object with the name and the value of each parameter.',
    );
  }
  const values = new Map<string, unknown>(Object.entries(given ?? {}));
  const names = Object.keys(declared);
  const unknown = [...values.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw invalidRequest(
      `the role has no parameter ${clipped(unknown, 100)}`,
      names.length === 0 ? 'Leave parameters out.' : `Pass exactly these parameters: ${names.join(', ')}.`,
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
  const fault = typeof value === 'string' ? parameterFault({ pattern, values }, value) : 'characters';
  switch (fault) {
    case undefined:
      return value as string;
    case 'characters':
      throw invalidRequest(
        `the parameter ${name} is not a string of ${PARAMETER_CHARACTERS}`,
        `Give \`${name}\` without any other character; wildcards are never accepted.`,
      );
    case 'not-listed':
      throw invalidRequest(
        `the parameter ${name} is "${value}", which is not one of its values`,
        `Use one of ${(values ?? []).join(', ')}.`,
      );
    case 'no-match':
      throw invalidRequest(
        `the parameter ${name} is "${value}", which does not match ${pattern}`,
        `Give \`${name}\`: ${description}.`,
      );
    case 'unchecked':
      throw invalidManifest(
        `the parameter ${name} has neither values nor a pattern, so no value can be checked`,
        'Add a pattern for the parameter to the role, and deploy the role.',
      );
  }
}
