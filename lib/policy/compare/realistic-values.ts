/**
 * If a condition allows several values of a context key, chooses a realistic value, because the witness must be a
 * request that can really occur.
 */
import { parseGlob } from '../glob';
import type { Literal, ValueSet } from './literal';
import { toPattern } from './pattern';
import { EXAMPLE_ACCOUNT } from './resource-hints';
import { type Sample, sampleKey } from './sample';
import { type TextSearch, textSet } from './search';

/** Realistic values of a context key. The caller's ARN is the ARN of a user or role if possible. */
export function sampleLikely(
  search: TextSearch,
  key: string,
  literals: readonly Literal[],
  single: boolean,
  needed: boolean,
): Sample | undefined {
  if (key === 'aws:principalarn' && (needed || literals.some(({ absent }) => !absent))) {
    for (const set of CALLER_ARNS) {
      const sample = sampleKey(search, [...literals, holdsOf(key, set)], single, needed);
      if (sample !== undefined) return sample;
    }
  }
  return sampleKey(search, literals, single, needed);
}

const CALLER_ARNS: readonly ValueSet[] = [EXAMPLE_ACCOUNT, '?'.repeat(12)].flatMap((account) =>
  ['role', 'user'].map(
    (kind): ValueSet => ({
      theory: 'text',
      inside: true,
      texts: textSet([toPattern(parseGlob(`arn:aws:iam::${account}:${kind}/?*`), { segments: true })]),
    }),
  ),
);

function holdsOf(key: string, set: ValueSet): Literal {
  return { subject: { kind: 'key', name: key }, absent: false, quantifier: 'every', set, key: '' };
}
