/** Removes values from an output if their names indicate secrets. */
import { REMOVED } from '../secrets';
import { isSecretName } from './secret-names';

/** Returns a value with all its texts removed. Numbers and booleans are kept. */
export function withoutTexts(value: unknown): unknown {
  if (typeof value === 'string') return REMOVED;
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutTexts(each)]));
}

/** Returns environment variables, given as a map or as a list of pairs, with their values removed. */
export function withoutVariables(value: unknown): unknown {
  if (!Array.isArray(value)) return withoutTexts(value);
  return value.map((each) => (isRecord(each) ? withoutValue(each) : withoutTexts(each)));
}

/**
 * Removes the value of a pair such as `{ name, value }` or `{ ParameterKey, ParameterValue }` if the name indicates a
 * secret, or if the pair is an environment variable of Elastic Beanstalk.
 */
export function withoutSecretPair(pair: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isSecret = Object.entries(pair).some(
    ([member, name]) =>
      typeof name === 'string' &&
      ((/(?:name|key)$/i.test(member) && isSecretName(name)) ||
        (member === 'Namespace' && name.endsWith(':application:environment'))),
  );
  return isSecret ? withoutValue(pair) : pair;
}

function withoutValue(pair: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(pair).map(([member, each]) => [member, /values?$/i.test(member) ? withoutTexts(each) : each]),
  );
}

/**
 * Returns a JSON value without the values whose keys indicate secrets, and without secret values in name-value pairs.
 */
export function withoutNamedSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNamedSecrets);
  if (!isRecord(value)) return value;
  return withoutSecretPair(
    Object.fromEntries(
      Object.entries(value).map(([key, each]) => [
        key,
        isSecretName(key) ? withoutTexts(each) : withoutNamedSecrets(each),
      ]),
    ),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
