/** Shows the changes that administrators made to a principal. */
import { moment, visible } from '@leasehold/contract/text';
import type { PrincipalView } from '@leasehold/runtime/broker';
import type { Paint } from '../colour';
import { renderTable } from './table';
import { count } from './text';

type Changes = NonNullable<PrincipalView['changes']>;

/** One row per change, newest first. */
export function renderChanges(name: string, changes: Changes, paint: Paint, columns?: number): string {
  if (changes.length === 0)
    return `${visible(name)}: no administrator changed anything; it is as the definitions say.\n`;
  const wrong = changes.filter(({ authentic }) => !authentic).length;
  const table = renderTable(
    [
      { title: 'when (UTC)', keep: true },
      { title: 'by', hue: () => 'bold' },
      { title: 'groups' },
      { title: 'policy' },
      { title: 'opens' },
      { title: 'record', hue: (cell) => (cell === 'holds' ? 'green' : 'red') },
    ],
    changes.map(({ at, by, before, after, opens, authentic }) =>
      [
        moment(at).replace(/ UTC$/, ''),
        by,
        difference(before.groups, after.groups),
        before.policy === after.policy ? 'as before' : count(after.policy.length, 'character'),
        opens.join(', ') || 'nothing',
        authentic ? 'holds' : 'not the broker\u2019s',
      ].map(visible),
    ),
    { paint, columns },
  );
  const all = `${count(changes.length, 'change')} of ${visible(name)}`;
  const verdict = wrong === 0 ? 'all are valid' : `${wrong} that the function of the broker did not write`;
  return `${table}\n${paint(wrong === 0 ? 'green' : 'red', `${all}: ${verdict}`)}\n`;
}

/** The same as data. */
export function changesJson(name: string, changes: Changes, more: boolean) {
  return {
    version: VERSION,
    principal: name,
    complete: !more,
    holds: !more && changes.every(({ authentic }) => authentic),
    changes,
  };
}

/** Version of the JSON format. */
const VERSION = 1;

function difference(before: readonly string[], after: readonly string[]): string {
  const given = after.filter((group) => !before.includes(group)).map((group) => `+${group}`);
  const taken = before.filter((group) => !after.includes(group)).map((group) => `-${group}`);
  return [...given, ...taken].join(' ') || 'as before';
}
