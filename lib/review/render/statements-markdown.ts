/** Renders old and new statements side by side, as collapsed tables. */
import type { ComparedStatements } from '../review';
import { folded, type Section } from './fit-comment';
import { code, table } from './markup';
import { addressOf, count } from './plan-text';
import { statementRows } from './statement-rows';

/** One collapsed section; empty if there are no statements. */
export function statementSections(statements: readonly ComparedStatements[]): readonly Section[] {
  const amount = statements.reduce((sum, { pairs }) => sum + pairs.length, 0);
  if (amount === 0) return [];
  const parts = statements.map(({ place, pairs }) => ({
    rank: 70,
    text: () =>
      [
        [addressOf(place), ...(place.attribute === undefined ? [] : [place.attribute])].map(code).join(', '),
        ...pairs.map(({ before, after }) =>
          table(
            ['', 'before', 'after', ''],
            statementRows(before, after).map((row) => [
              code(row.element),
              cell(row.before),
              cell(row.after),
              row.before === row.after ? '' : 'changed',
            ]),
          ),
        ),
      ].join('\n\n'),
    noun: 'policy before and after',
    plural: 'policies before and after',
  }));
  return [folded(`${count(amount, 'changed statement')}, before and after`, parts)];
}

function cell(text: string | undefined): string {
  return text === undefined ? '–' : code(text);
}
