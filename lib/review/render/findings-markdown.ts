/**
 * Renders findings as Markdown: the problem, the location, the reason, the fix, and a link to the documentation page.
 * Severe findings are expanded, and all other findings are collapsed.
 */
import { type ReviewFinding, SEVERITIES, type Severity } from '../review';
import { folded, type Part, type Section } from './fit-comment';
import { type FindingGroup, groupFindings } from './groups';
import { code, type Say } from './markup';
import { addressOf, count } from './plan-text';

/** One symbol per severity. */
export const SIGNS: Readonly<Record<Severity, string>> = {
  critical: '⛔',
  high: '🔴',
  medium: '🟠',
  low: '🟡',
  info: '🔵',
};

/**
 * Sections with the findings, worst first. `page` returns the absolute address of a finding's page, if the page has
 * one.
 */
export function findingSections(
  findings: readonly ReviewFinding[],
  page: ((id: string) => string | undefined) | undefined,
  say: Say,
): readonly Section[] {
  const sorted = [...findings].sort((a, b) => SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity));
  const groups = groupFindings(sorted);
  const isGrave = ({ severity }: FindingGroup) => SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf('medium');
  const open = groups.filter(isGrave).slice(0, OPEN);
  const folds = groups.filter((group) => !open.includes(group));
  const others = folds.flatMap((group) => group.findings);
  const parts = (list: readonly FindingGroup[]) => list.flatMap((group) => partsOf(group, page, say));
  return [
    { before: '### Findings', parts: parts(open), glue: '\n' },
    folded(
      `${count(others.length, open.length > 0 ? 'more finding' : 'finding')}: ${tally(others)}`,
      parts(folds),
      '\n',
    ),
  ];
}

/** Number of groups that are shown expanded. */
const OPEN = 10;

/** Number of messages per part. If a comment is too long, each of its parts is either kept or omitted as a whole. */
const TOGETHER = 8;
/**
 * The rank of the messages of a group after the first. They are left out before tables, because their rank is lower.
 */
const LATER = 65;
/** Maximum number of addresses per message. For further addresses, only their number is shown. */
const ADDRESSES = 12;

type Page = ((id: string) => string | undefined) | undefined;

function partsOf(group: FindingGroup, page: Page, say: Say): readonly Part[] {
  const { id, severity, why, hint, findings, messages } = group;
  const [first, ...others] = findings;
  if (first !== undefined && others.length === 0) return [part(first, page, say)];
  const chunks = Array.from({ length: Math.ceil(messages.length / TOGETHER) }, (_, index) =>
    messages.slice(index * TOGETHER, (index + 1) * TOGETHER),
  );
  return chunks.map((chunk, index) => ({
    rank: index === 0 ? RANKS[severity] : Math.min(LATER, RANKS[severity]),
    text: () =>
      [
        index === 0
          ? `- ${SIGNS[severity]} **${severity}** ${count(findings.length, 'finding')} of one kind, ${code(id)}`
          : `- ${SIGNS[severity]} **${severity}** ${code(id)}, continued`,
        ...chunk.map(({ message, places }) => `  - ${say(message)} (${wheresOf(places)})`),
        ...(index === 0 ? [`  - Why: ${say(why)}`, `  - Hint: ${say(hint)} See ${pageOf(id, page)}.`] : []),
      ].join('\n'),
    noun: `finding of severity ${severity}`,
    plural: `findings of severity ${severity}`,
    amount: chunk.reduce((sum, each) => sum + each.count, 0),
  }));
}

function wheresOf(places: readonly ReviewFinding['place'][]): string {
  const shown = places.slice(0, ADDRESSES).map(whereOf);
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
  // Ids of Leasehold's findings have this form. Any other id must not become part of a link.
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
