/** Resolves the environments to which a document applies, and their overrides. */
import type { Checked } from './checked';
import { type Complaints, didYouMean, listed, shown } from './complaints';
import type { Path } from './model';
import { nearest } from './nearest';
import type { ResolvedEnvironment } from './resolve-environment';

/** `environments` as written: a list, or a mapping from environments to their overrides or to `false`. */
export type WhereYaml<O> = readonly string[] | Readonly<Record<string, O | false>> | undefined;

/** An environment to which a document applies, with the document's overrides for it. */
export interface EnvironmentOverride<O> {
  readonly home: ResolvedEnvironment;
  readonly override: Partial<O>;
}

/**
 * The environments to which a document applies. Reports each listed environment that the project does not have.
 * @param known names of environments as written, including names of invalid values
 */
export function whereItHolds<O>(
  document: Checked<{ readonly environments?: WhereYaml<O> }>,
  environments: readonly ResolvedEnvironment[],
  known: readonly string[],
  complaints: Complaints,
): readonly EnvironmentOverride<O>[] {
  const { environments: where } = document.yaml;
  if (where === undefined) return environments.map((home) => ({ home, override: {} }));
  const isList = isNames(where);
  const overrides = new Map<string, Partial<O> | false>(
    isList ? where.map((name) => [name, {}]) : Object.entries(where),
  );
  [...overrides.keys()].forEach((name, index) => {
    if (known.includes(name) || known.length === 0) return;
    const meant = nearest(name, known);
    complaints.add(document.places.key(['environments', isList ? index : name]), {
      id: 'unknown-environment',
      message: `The project has no environment ${shown(name)}${didYouMean(meant)}`,
      expected: `one of ${listed(known)}`,
      hint: meant === undefined ? 'Declare it under `environments` of the project.' : `Write \`${meant}\`.`,
    });
  });
  return environments.flatMap((home) => {
    const override = overrides.get(home.environment.name) ?? (isList ? false : {});
    return override === false ? [] : [{ home, override }];
  });
}

/**
 * Whether a document applies to an environment: its `environments` key lists the environment, or does not exclude the
 * environment.
 */
export function holdsIn(where: WhereYaml<unknown>, environment: string): boolean {
  if (where === undefined) return true;
  if (isNames(where)) return where.includes(environment);
  return !Object.hasOwn(where, environment) || where[environment] !== false;
}

/** The path of a key for an environment: if an override replaces the key, the path in the override. */
export function overridden(path: Path, override: object, environment: string): Path {
  const key = path[0];
  return typeof key === 'string' && Object.hasOwn(override, key) ? ['environments', environment, ...path] : path;
}

/** The keys that are written. */
export function present<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}

function isNames(where: WhereYaml<unknown>): where is readonly string[] {
  return Array.isArray(where);
}
