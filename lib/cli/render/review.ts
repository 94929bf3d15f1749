/**
 * Renders a review for a terminal: the verdict, the findings, and the permissions that each identity gained and lost.
 */
import { onOneLine } from '@leasehold/contract/text';
import {
  type AccessChange,
  addressOf,
  groupFindings,
  type IdentityReview,
  type Review,
  SEVERITIES,
  type Severity,
  statementRows,
} from '@leasehold/review';
import type { Hue, Paint } from '../colour';
import { renderTable } from './table';
import { count, wrap } from './text';

/** The complete review, wrapped to the width of the terminal. Control characters in the plan's texts are escaped. */
export function renderReview(review: Review, paint: Paint, terminal: number | undefined): string {
  const columns = Math.max(terminal ?? PIPE_COLUMNS, NARROWEST);
  const { findings, identities, statements, unknowns, seen, terraform } = review;
  const lines = (text: string, indent: number) => wrap(onOneLine(text), columns - indent);
  const labelled = (label: string, text: string, indent: number) =>
    lines(text, indent + LABEL).map(
      (line, index) => ' '.repeat(indent) + paint('dim', (index === 0 ? label : '').padEnd(LABEL)) + line,
    );
  const blocks = [
    lines(review.verdict, 0)
      .map((line) => paint('bold', line))
      .join('\n'),
    ...groupFindings(findings).map(({ id, severity, why, hint, findings: all, messages }) =>
      [
        `${paint(HUES[severity], severity)} ${paint('dim', all.length === 1 ? id : `${id} (${count(all.length, 'finding')})`)}`,
        ...messages.flatMap(({ message, places }) => [
          ...lines(message, INDENT).map((line) => ' '.repeat(INDENT) + paint('bold', line)),
          ...places.flatMap((place, index) => labelled(index === 0 ? 'where' : '', where(place), INDENT)),
        ]),
        ...labelled('why', why, INDENT),
        ...labelled('hint', hint, INDENT),
      ].join('\n'),
    ),
    ...identities.map((identity) =>
      [
        `${identity.kind} ${paint('bold', onOneLine(identity.name))}: ${outcome(identity, paint)}`,
        ...(identity.place === undefined ? [] : labelled('where', identity.place.address, INDENT)),
        ...reason(identity).flatMap(([label, text]) => labelled(label, text, INDENT)),
        ...identity.trust.flatMap((text) => labelled('trust', text, INDENT)),
        ...identity.other.flatMap((text) => labelled('other', text, INDENT)),
        ...changes(identity, paint, columns),
      ].join('\n'),
    ),
    ...statements.flatMap(({ place, pairs }) =>
      pairs.map(({ before, after }) =>
        [
          paint('bold', 'statement before and after'),
          ...labelled('where', where(place), INDENT),
          ...comparison(before, after, paint, columns),
        ].join('\n'),
      ),
    ),
    ...(unknowns.length > 0
      ? [
          [
            paint('yellow', 'could not be read, so counts as widened'),
            ...unknowns.flatMap(({ place, why }) => labelled('where', `${where(place)}: ${why}`, INDENT)),
          ].join('\n'),
        ]
      : []),
    lines(`Terraform or OpenTofu ${terraform}; read: ${tally(seen)}; worst: ${worst(findings)}`, 0)
      .map((line) => paint('dim', line))
      .join('\n'),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const INDENT = 2;
const LABEL = 7;
/** Minimum width of the output. A narrower terminal breaks the lines itself. */
const NARROWEST = 40;
/**
 * Maximum number of actions or resources per row. Further actions and resources are only counted; the JSON output lists
 * all of them.
 */
const NAMED = 6;
/** Width in columns for output to a file or a pipe. It is limited because people also read logs on a screen. */
const PIPE_COLUMNS = 120;

const HUES: Readonly<Record<Severity, Hue>> = {
  critical: 'red',
  high: 'red',
  medium: 'yellow',
  low: 'cyan',
  info: 'dim',
};

function where(place: Review['unknowns'][number]['place']): string {
  return place.attribute === undefined ? addressOf(place) : `${addressOf(place)}, ${place.attribute}`;
}

function outcome({ state, permissions: { kind } }: IdentityReview, paint: Paint): string {
  if (state === 'removed') return 'removed';
  if (kind === 'unknown') return paint('red', state === 'new' ? 'new, unknown' : 'unknown, counts as widened');
  if (state === 'new') return 'new';
  const words = {
    same: 'permissions unchanged',
    narrowed: paint('green', 'narrowed'),
    widened: paint('red', 'widened'),
  };
  return words[kind];
}

function reason({ permissions, state }: IdentityReview): readonly (readonly [label: string, text: string])[] {
  if (permissions.kind === 'unknown') return [['why', permissions.why]];
  if (permissions.kind !== 'widened') return [];
  return [[state === 'new' ? 'can' : 'now', permissions.witness]];
}

function changes({ gained, lost }: IdentityReview, paint: Paint, columns: number): readonly string[] {
  const row = (sign: string) => (change: AccessChange) => [
    sign,
    onOneLine(change.service),
    change.level,
    named(change.actions),
    named(change.resources),
  ];
  const rows = [...gained.map(row('gained')), ...lost.map(row('lost'))];
  if (rows.length === 0) return [];
  const table = renderTable(
    [
      { title: 'change', keep: true, hue: (cell) => (cell === 'gained' ? 'red' : 'green') },
      { title: 'service', keep: true },
      { title: 'level' },
      { title: 'actions' },
      { title: 'resources' },
    ],
    rows,
    { paint, columns: columns - INDENT },
  );
  return indented(table);
}

function comparison(
  ...[before, after, paint, columns]: [...Parameters<typeof statementRows>, Paint, number]
): readonly string[] {
  const rows = statementRows(before, after).map(({ element, ...sides }) => [
    sides.before === sides.after ? '' : '≠',
    onOneLine(element),
    onOneLine(sides.before ?? '–'),
    onOneLine(sides.after ?? '–'),
  ]);
  const titles = [{ title: '', keep: true }, { title: 'element' }, { title: 'before' }, { title: 'after' }];
  return indented(renderTable(titles, rows, { paint, columns: columns - INDENT }));
}

function indented(text: string): readonly string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : ' '.repeat(INDENT) + line));
}

function named(values: readonly string[]): string {
  const few = values.slice(0, NAMED).map(onOneLine);
  return [...few, ...(values.length > NAMED ? [`${values.length - NAMED} more`] : [])].join(', ');
}

function tally({ resources, identities, policies }: Review['seen']): string {
  return [
    count(resources, 'resource'),
    count(identities, 'identity', 'identities'),
    count(policies, 'policy', 'policies'),
  ].join(', ');
}

function worst(findings: Review['findings']): string {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity)) ?? 'none';
}
