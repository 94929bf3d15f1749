/**
 * The context keys that policies use in conditions and as variables. Other keys of a request cannot change the result.
 */
import { foldAscii } from '../glob';
import type { Policies } from './policies';
import type { Policy } from './policy';

/** The keys as written, sorted. Keys that differ only in case are listed once. */
export function keysRead(policies: Policies): readonly string[] {
  const { identity, session = [], scopeDown = [], scps = [], rcps = [], boundary, resource, endpoint } = policies;
  const single = [boundary, resource, endpoint].filter((policy) => policy !== undefined);
  const all = [...identity, ...session, ...scopeDown, ...scps.flat(), ...rcps.flat(), ...single];
  const keys = new Map(all.flatMap(keysOf).map((key) => [foldAscii(key), key] as const));
  return [...keys.values()].sort();
}

function keysOf({ version, statements }: Policy): readonly string[] {
  return statements.flatMap(({ resource, conditions }) => {
    const texts = [
      ...(resource?.patterns ?? []).map(({ text }) => text),
      ...conditions.flatMap(({ values }) => values),
    ];
    const variables = version === '2012-10-17' ? texts.flatMap(variablesIn) : [];
    return [...conditions.map(({ key }) => key), ...variables];
  });
}

/** The keys of the policy variables in a string, as written. Documents of version 2008-10-17 have no variables. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(VARIABLE)].map(([, key = '']) => key.trim());
}

/** A variable, without its default. The escapes `${*}`, `${?}` and `${$}` are not variables. */
export const VARIABLE = /\$\{([^{}*?$,]+)(?:,[^{}]*)?\}/g;
