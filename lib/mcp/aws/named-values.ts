/** Removes values from an output if their names indicate secrets. */
import { REMOVED } from '../secrets';
import { redactText } from './redact';
import { isEnvironmentName, isNameMember, isSecretName, isValueMember } from './secret-names';

/** Returns a copy of a value in which every string is replaced by a placeholder. Numbers and booleans are kept. */
export function withoutTexts(value: unknown): unknown {
  if (typeof value === 'string') return REMOVED;
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutTexts(each)]));
}

/** Removes the values of environment variables. The variables are given as a map, or as a list of pairs or maps. */
export function withoutVariables(value: unknown): unknown {
  if (!Array.isArray(value)) return withoutTexts(value);
  return value.map((each) => (isRecord(each) && isVariable(each) ? withoutVariable(each) : withoutTexts(each)));
}

/**
 * Names of the members of a name-value pair in a list of environment variables. Names of variables, such as
 * `DEFAULT_VALUE`, do not match.
 */
const VARIABLE_NAME = /^(?:[Nn]ame|[Kk]ey|[Ff]ield|[Ii]d|[A-Za-z]*[a-z](?:Name|Key))$/;
const VARIABLE_VALUE = /^(?:[A-Za-z]*[a-z])?[Vv]alues?(?:From)?$/;

/**
 * Whether a record of environment variables is a name-value pair. Otherwise, each member of the record is a variable.
 */
function isVariable(record: Readonly<Record<string, unknown>>): boolean {
  const members = Object.keys(record);
  return members.some((each) => VARIABLE_NAME.test(each)) && members.some((each) => VARIABLE_VALUE.test(each));
}

/**
 * Removes every string in a name-value pair, except the name, the type of the value, and references to where the value
 * is stored.
 */
function withoutVariable(pair: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isShown = (member: string) => VARIABLE_NAME.test(member) || /^(?:type|valueFrom)$/i.test(member);
  return Object.fromEntries(
    Object.entries(pair).map(([member, each]) => [member, isShown(member) ? each : withoutTexts(each)]),
  );
}

/**
 * Removes the value of a pair such as `{ name, value }`, `{ ParameterKey, ParameterValue }` or `{ id, stringValue }` if the name indicates a
 * secret, or if the pair is an environment variable of Elastic Beanstalk. If the name is that of environment variables,
 * their values are removed.
 */
export function withoutSecretPair(pair: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const members = Object.entries(pair).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  const names = members.filter(([member]) => isNameMember(member)).map(([, name]) => name);
  const isVariable = members.some(
    ([member, name]) => member === 'Namespace' && name.endsWith(':application:environment'),
  );
  if (isVariable || names.some(isSecretName)) return withoutValue(pair, withoutTexts);
  return names.some(isEnvironmentName) ? withoutValue(pair, withoutCleanVariables) : pair;
}

/**
 * Removes environment variables from the value of a pair. The members of the pair were already cleaned and are not
 * cleaned again.
 */
function withoutCleanVariables(value: unknown): unknown {
  return typeof value === 'string' ? cleanText(value, 0, withoutVariablesAt) : withoutVariables(value);
}

function withoutValue(
  pair: Readonly<Record<string, unknown>>,
  cleaner: (value: unknown) => unknown,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(pair).map(([member, each]) => [member, isValueMember(member) ? cleaner(each) : each]),
  );
}

/**
 * Removes the elements that follow options whose names indicate secrets, as in the command `["run", "--password",
 * "…"]`.
 */
export function withoutOptionValues(list: readonly unknown[]): readonly unknown[] {
  const isOption = (each: unknown) => typeof each === 'string' && /^--?[A-Za-z][\w-]*$/.test(each);
  return list.map((each, index) => {
    const before = list[index - 1];
    return isOption(before) && !isOption(each) && isSecretName(String(before)) ? withoutTexts(each) : each;
  });
}

/**
 * Maximum depth to which a JSON value, including JSON in its strings, is read. Deeper values are removed, because they
 * are not checked.
 */
export const MOST_LEVELS = 100;
const MOST_TEXTS = 5;
/** Maximum length in characters of JSON that is parsed. Longer JSON is removed. */
const LONGEST_JSON = 2 * 1024 * 1024;

/**
 * Returns a JSON value without the values whose keys indicate secrets, without secret values in name-value pairs, and
 * without values of environment variables. JSON in the strings of the value is cleaned in the same way.
 */
export function withoutNamedSecrets(value: unknown): unknown {
  return clean(value, 0, 0);
}

/**
 * Returns the text without credentials. If the text is JSON, for example the properties of a resource, property names
 * are also used to detect credentials, and the JSON is serialized again if a value was removed.
 */
export function withoutSecretsInText(text: string): string {
  return cleanText(text, 0, withoutNamedSecretsAt);
}

/**
 * Returns the text of a member with this name, without credentials. If the member contains environment variables, their
 * values are removed too.
 */
export function withoutSecretsInNamedText(name: string, text: string): string {
  return cleanText(text, 0, isEnvironmentName(name) ? withoutVariablesAt : withoutNamedSecretsAt);
}

/** Removes secrets from a JSON value that was nested in `texts` levels of JSON strings. */
type Cleaner = (value: unknown, texts: number) => unknown;
const withoutNamedSecretsAt: Cleaner = (value, texts) => clean(value, 0, texts);
const withoutVariablesAt: Cleaner = (value, texts) => cleanVariables(value, 0, texts);

function clean(value: unknown, level: number, texts: number): unknown {
  if (typeof value === 'string') return cleanText(value, texts, withoutNamedSecretsAt);
  if (typeof value !== 'object' || value === null) return value;
  if (level >= MOST_LEVELS) return REMOVED;
  if (Array.isArray(value)) return withoutOptionValues(value.map((each) => clean(each, level + 1, texts)));
  const entries = Object.entries(value).map(([key, each]) => [
    redactText(key),
    cleanMember(key, each, level + 1, texts),
  ]);
  return withoutSecretPair(Object.fromEntries(entries));
}

function cleanMember(key: string, value: unknown, level: number, texts: number): unknown {
  // A secret value is cleaned too, because that limits its depth.
  const cleaned = isEnvironmentName(key) ? cleanVariables(value, level, texts) : clean(value, level, texts);
  return isSecretName(key) ? withoutTexts(cleaned) : cleaned;
}

/** The name of an environment, for example `prod` in a tag, is a text and is kept. */
function cleanVariables(value: unknown, level: number, texts: number): unknown {
  if (typeof value === 'string') return cleanText(value, texts, withoutVariablesAt);
  return withoutVariables(clean(value, level, texts));
}

function cleanText(text: string, texts: number, cleaner: Cleaner): string {
  return cleanJson(text, texts, cleaner) ?? redactText(cleanLines(text, texts, cleaner));
}

/** Returns a text without secrets in those of its lines that are JSON, as in logs. */
function cleanLines(text: string, texts: number, cleaner: Cleaner): string {
  if (!text.includes('\n')) return text;
  const lines = text.split('\n');
  return lines.map((line) => cleanJson(line, texts, cleaner) ?? line).join('\n');
}

/** Returns a text that is JSON without secrets in its values and keys; undefined if the text is not JSON. */
function cleanJson(text: string, texts: number, cleaner: Cleaner): string | undefined {
  const json = text.trim();
  if (!['{}', '[]', '""'].includes(`${json.at(0)}${json.at(-1)}`)) return undefined;
  if (texts >= MOST_TEXTS || json.length > LONGEST_JSON) return REMOVED;
  const value = parsed(json);
  if (value === undefined) return undefined;
  const cleaned = cleaner(value, texts + 1);
  return isSame(value, cleaned) && !hasDuplicates(json, cleaned) ? text : JSON.stringify(cleaned);
}

/**
 * Whether an object in a JSON text has two members of the same name. The parsed value contains only the last one of
 * them, so that the others were not checked.
 */
function hasDuplicates(json: string, value: unknown): boolean {
  let members = 0;
  for (const [token] of json.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|:/g)) if (token === ':') members++;
  return members !== membersIn(value);
}

function membersIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).map(membersIn);
  return inner.reduce((sum, each) => sum + each, Array.isArray(value) ? 0 : inner.length);
}

/** The value of a JSON text; undefined if the text is not JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Whether nothing was removed in the copy of a value. The copy decides how deep this reads, because it has a limit. */
function isSame(value: unknown, copy: unknown): boolean {
  if (!isRecord(copy) && !Array.isArray(copy)) return value === copy;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(copy).every(([key, each]) => isSame((value as Record<string, unknown>)[key], each));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
