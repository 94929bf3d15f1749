/** What a resource of an action usually looks like, so that an example is one that an engineer recognises. */
import type { Catalogue } from '../catalogue-types';
import { type Piece, toPattern } from './pattern';
import { type TextSet, textSet } from './search';

/** Sets of resources, the likeliest first; the last holds every ARN of the commercial partition. */
export function resourceHints(action: string, catalogue: Catalogue | undefined): readonly TextSet[] {
  const info = catalogue?.action(action);
  const formats = info?.resourceTypes.flatMap(({ arns }) => arns) ?? [];
  const none = info !== undefined && formats.length === 0 ? [exactly('*')] : [];
  return [
    ...none,
    ...formats.map((format) => filled(format, KNOWN)),
    ...formats.map((format) => filled(format, {})),
    ANY_ARN,
  ];
}

/** Twelve digits that AWS's own documentation uses. */
export const EXAMPLE_ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';

const KNOWN: Readonly<Record<string, string>> = {
  Partition: 'aws',
  Region: 'eu-west-1',
  Account: EXAMPLE_ACCOUNT,
};

const SOMETHING: readonly Piece[] = [{ kind: 'one' }, { kind: 'any' }];

/** The format with its holes filled by what is known, else by anything. */
function filled(format: string, known: Readonly<Record<string, string>>): TextSet {
  const pieces = format.split(/(\$\{[^}]*\})/).flatMap((part): readonly Piece[] => {
    const hole = /^\$\{(.*)\}$/.exec(part)?.[1];
    if (hole === undefined) return [{ kind: 'literal', text: part }];
    const text = known[hole];
    return text === undefined ? SOMETHING : [{ kind: 'literal', text }];
  });
  return textSet([toPattern(pieces, { segments: true })]);
}

function exactly(text: string): TextSet {
  return textSet([toPattern([{ kind: 'literal', text }])]);
}

const ANY_ARN: TextSet = textSet([
  toPattern([{ kind: 'literal', text: 'arn:aws:' }, ...SOMETHING, ...colons(3), ...SOMETHING], { segments: true }),
]);

function colons(count: number): Piece[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index): Piece[] =>
    index === 0 ? [{ kind: 'literal', text: ':' }] : [{ kind: 'any' }, { kind: 'literal', text: ':' }],
  );
}
