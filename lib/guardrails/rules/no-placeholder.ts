import type { Locate, Path } from '@leasehold/definitions';
import { type Complaint, type EnvironmentGuardrail, pageOf } from '../guardrail';

/** Texts must not be placeholders, because approvers see these texts, for example as the reason. */
export const noPlaceholder: EnvironmentGuardrail = {
  id: 'no-placeholder',
  title: 'No text that people read is still a TODO',
  severity: 'error',
  page: pageOf('no-placeholder'),
  unwaivable: 'write the text instead',
  over: 'environment',
  *check({ environment }) {
    yield* placeholders(environment.waivers, ['waivers'], environment.locate);
    for (const role of environment.roles) yield* placeholders(role, [], role.locate);
  },
};

/** Keys whose values are sentences that people read, or names that a person must fill in. */
const WRITTEN: ReadonlySet<string> = new Set(['because', 'purpose', 'description', 'limits', 'databaseUser']);

/** Finds placeholders in texts at any depth, so that keys that are added to the definitions later are checked too. */
function* placeholders(value: unknown, path: Path, locate: Locate): Iterable<Complaint> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* placeholders(item, [...path, named(item, path) ?? index], locate);
    return;
  }
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && WRITTEN.has(key) && isPlaceholder(inner)) {
      yield {
        message: `\`${key}\` is still a TODO: \`${inner.trim()}\``,
        hint: HINTS[key] ?? 'Write the sentence.',
        at: locate([...path, key]),
      };
    } else yield* placeholders(inner, [...path, key], locate);
  }
}

const HINTS: Readonly<Record<string, string>> = {
  because: 'Write why the task needs this entry, or remove the entry and the permission to which it belongs.',
  purpose: 'Write in one sentence what the role can do and what it cannot do.',
  databaseUser: 'Name the database user whose credentials the role gets.',
  limits: 'Write what the database user may do, and where these permissions are granted.',
};

/** The name of a parameter. Parameters are a list in the resolved definitions, but a mapping in the YAML. */
function named(item: unknown, path: Path): string | undefined {
  return path.at(-1) === 'parameters' ? (item as { readonly name: string }).name : undefined;
}

function isPlaceholder(text: string): boolean {
  return /^\W*(TODO|FIXME|TBD|XXX)\b/i.test(text);
}
