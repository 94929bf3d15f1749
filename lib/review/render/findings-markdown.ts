/** Findings as Markdown: what, where, why, how to fix it, and the page; the grave ones open, the others folded. */
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
  const groups = grouped(sorted);
  const isGrave = ([{ severity }]: Group) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('medium');
  const open = groups.filter(isGrave).slice(0, OPEN);
  const folds = groups.filter((group) => !open.includes(group));
  const others = folds.flat();
  const parts = (list: readonly Group[]) => list.flatMap((group) => partsOf(group, page, say));
  return [
    { before: '### Findings', parts: parts(open), glue: '\n' },
    folded(
      `${count(others.length, open.length > 0 ? 'more finding' : 'finding')}: ${tally(others)}`,
      parts(folds),
      '\n',
    ),
  ];
}

/** Groups of findings that are shown without being opened. */
const OPEN = 10;

/** Findings of one kind and severity: why and how to fix are written once for all of them. */
type Group = readonly [ReviewFinding, ...ReviewFinding[]];

function grouped(findings: readonly ReviewFinding[]): readonly Group[] {
  const groups = new Map<string, [ReviewFinding, ...ReviewFinding[]]>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.severity, finding.id, finding.why, finding.hint]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

/** Messages of a group that stand together, and stay or go together where a comment is too long. */
const TOGETHER = 8;
/** The rank of the messages of a group after the first ones: tables stay longer. */
const LATER = 65;
/** Addresses of one message; more are counted. */
const ADDRESSES = 12;

type Page = ((id: string) => string | undefined) | undefined;

function partsOf(group: Group, page: Page, say: Say): readonly Part[] {
  const [first, ...others] = group;
  if (others.length === 0) return [part(first, page, say)];
  const { id, severity, why, hint } = first;
  const byMessage = new Map<string, ReviewFinding[]>();
  for (const finding of group) {
    const same = byMessage.get(finding.message);
    if (same === undefined) byMessage.set(finding.message, [finding]);
    else same.push(finding);
  }
  const messages = [...byMessage.values()];
  const chunks = Array.from({ length: Math.ceil(messages.length / TOGETHER) }, (_, index) =>
    messages.slice(index * TOGETHER, (index + 1) * TOGETHER),
  );
  return chunks.map((chunk, index) => ({
    rank: index === 0 ? RANKS[severity] : Math.min(LATER, RANKS[severity]),
    text: () =>
      [
        index === 0
          ? `- ${SIGNS[severity]} **${severity}** ${count(group.length, 'finding')} of one kind, ${code(id)}`
          : `- ${SIGNS[severity]} **${severity}** ${code(id)}, continued`,
        ...chunk.map((same) => `  - ${say(same[0]?.message ?? '')} (${wheresOf(same)})`),
        ...(index === 0 ? [`  - Why: ${say(why)}`, `  - Hint: ${say(hint)} See ${pageOf(id, page)}.`] : []),
      ].join('\n'),
    noun: `finding of severity ${severity}`,
    plural: `findings of severity ${severity}`,
    amount: chunk.flat().length,
  }));
}

function wheresOf(findings: readonly ReviewFinding[]): string {
  const places = [...new Set(findings.map(({ place }) => whereOf(place)))];
  const shown = places.slice(0, ADDRESSES);
  return `${shown.join('; ')}${places.length > shown.length ? `; ${places.length - shown.length} more` : ''}`;
}

function whereOf(place: ReviewFinding['place']): string {
  return [addressOf(place), ...(place.attribute === undefined ? [] : [place.attribute])].map(code).join(', ');
}

const RANKS: Readonly<Record<Severity, number>> = { critical: 100, high: 95, medium: 85, low: 60, info: 50 };

function part(finding: ReviewFinding, page: Page, say: Say): Part {
  const { id, severity, place, message, why, hint } = finding;
  const where = whereOf(place);
  return {
    rank: RANKS[severity],
    text: () =>
      [
        `- ${SIGNS[severity]} **${severity}** ${say(message)}`,
        `  - Where: ${where}`,
        `  - Why: ${say(why)}`,
        `  - Hint: ${say(hint)} See ${pageOf(id, page)}.`,
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
