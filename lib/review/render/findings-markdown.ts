/** Findings as Markdown: what, where, why, how to mend it, and the page; the grave ones open, the others folded. */
import { type ReviewFinding, SEVERITIES, type Severity } from '../review';
import { folded, type Part, type Section } from './fit';
import { code, type Say } from './markup';
import { addressOf, count } from './shown';

/** One sign a severity. */
export const SIGNS: Readonly<Record<Severity, string>> = {
  critical: '⛔',
  high: '🔴',
  medium: '🟠',
  low: '🟡',
  info: '🔵',
};

/** The findings, worst first. `page` answers the absolute address of a finding's page, where there is one. */
export function findingSections(
  findings: readonly ReviewFinding[],
  page: ((id: string) => string | undefined) | undefined,
  say: Say,
): readonly Section[] {
  const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  const grave = sorted.filter(({ severity }) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('medium'));
  const open = grave.slice(0, OPEN);
  const others = [...grave.slice(OPEN), ...sorted.filter((finding) => !grave.includes(finding))];
  const parts = (list: readonly ReviewFinding[]) => list.map((finding) => part(finding, page, say));
  return [
    { before: '### Findings', parts: parts(open), glue: '\n' },
    folded(
      `${count(others.length, open.length > 0 ? 'more finding' : 'finding')}: ${tally(others)}`,
      parts(others),
      '\n',
    ),
  ];
}

/** Findings that are shown without being opened. */
const OPEN = 10;

const RANKS: Readonly<Record<Severity, number>> = { critical: 100, high: 95, medium: 85, low: 60, info: 50 };

function part(finding: ReviewFinding, page: ((id: string) => string | undefined) | undefined, say: Say): Part {
  const { id, severity, place, message, why, mend } = finding;
  const where = [addressOf(place), ...(place.attribute === undefined ? [] : [place.attribute])].map(code).join(', ');
  return {
    rank: RANKS[severity],
    text: () =>
      [
        `- ${SIGNS[severity]} **${severity}** ${say(message)}`,
        `  - Where: ${where}`,
        `  - Why: ${say(why)}`,
        `  - Mend: ${say(mend)} See ${pageOf(id, page)}.`,
      ].join('\n'),
    noun: `finding of severity ${severity}`,
    plural: `findings of severity ${severity}`,
  };
}

function pageOf(id: string, page: ((id: string) => string | undefined) | undefined): string {
  // An id is ours; one that is not can be no link.
  const address = /^[a-z][a-z0-9-]*$/.test(id) ? page?.(id) : undefined;
  return address === undefined ? code(`docs/findings/${id}.md`) : `[${id}](<${address}>)`;
}

function tally(findings: readonly ReviewFinding[]): string {
  return SEVERITIES.toReversed()
    .map((severity) => ({ severity, amount: findings.filter((finding) => finding.severity === severity).length }))
    .filter(({ amount }) => amount > 0)
    .map(({ severity, amount }) => `${amount} ${severity}`)
    .join(', ');
}
