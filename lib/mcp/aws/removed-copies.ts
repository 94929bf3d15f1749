/** Removes further copies of secrets that were already removed from an answer because of their names. */
import { types } from 'node:util';
import { REMOVED, SecretList } from '../secrets';
import { isNameMember, isSecretName, isValueMember } from './secret-names';

/** Maximum depth to which JSON inside the strings of an answer is searched for secrets. */
const MOST_TEXTS = 3;

/**
 * Returns an output without copies of the secrets that were removed from it, for example of a password that is also
 * part of a command. Copies are recognized in the forms of {@link SecretList}, which does not search for short values.
 * @param original The value from which the output was written. Its structure is that of the output.
 */
export function withoutCopies<T>(original: unknown, output: T): T {
  const found = new Set<string>();
  collect(original, output, { isSecret: false, texts: 0, found });
  const secrets = new SecretList();
  secrets.add([...found]);
  return found.size === 0 ? output : secrets.scrubbed(output);
}

interface Search {
  /** Whether the name of the value indicates a secret. Values with other names, such as `STAGE`, are removed too. */
  readonly isSecret: boolean;
  readonly texts: number;
  readonly found: Set<string>;
}

function collect(original: unknown, copy: unknown, search: Search): void {
  if (typeof copy === 'string') collectText(original, copy, search);
  if (typeof original !== 'object' || original === null || typeof copy !== 'object' || copy === null) return;
  const isPair = !Array.isArray(original) && hasSecretName(original);
  for (const [name, each] of Object.entries(copy)) {
    if (!Object.hasOwn(original, name)) continue;
    const isNamed = !Array.isArray(copy) && (isSecretName(name) || (isPair && isValueMember(name)));
    const inner = (original as Record<string, unknown>)[name];
    collect(inner, each, isNamed ? { ...search, isSecret: true } : search);
  }
}

function collectText(original: unknown, copy: string, search: Search): void {
  const text = types.isStringObject(original) ? String(original) : original;
  if (typeof text !== 'string' || text === copy) return;
  // The name of a secret is no secret, and it may be anywhere in the answer.
  if (copy === REMOVED) {
    if (search.isSecret && !text.startsWith('arn:')) search.found.add(text);
  } else if (search.texts < MOST_TEXTS && /^\s*[[{"]/.test(text) && /^\s*[[{"]/.test(copy)) {
    const [value, cleaned] = [parsed(text), parsed(copy)];
    if (value !== undefined && cleaned !== undefined) collect(value, cleaned, { ...search, texts: search.texts + 1 });
  }
}

function hasSecretName(record: object): boolean {
  return Object.entries(record).some(
    ([member, name]) => typeof name === 'string' && isNameMember(member) && isSecretName(name),
  );
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
