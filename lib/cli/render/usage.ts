/** Renders the usage of roles for a terminal. Texts from records are escaped. */
import { append } from '@leasehold/contract/any-length';
import { clipped, onOneLine } from '@leasehold/contract/text';
import {
  askedAndGranted,
  type DenialTally,
  type EntryUsage,
  type Gathered,
  gaps,
  type LeaseRecords,
  type RoleUsage,
  recordsOf,
} from '@leasehold/usage';
import type { Hue, Paint } from '../colour';
import { type Column, renderTable } from './table';
import { count, wrap } from './text';

interface UsageOptions {
  readonly paint: Paint;
  readonly columns: number | undefined;
  /** Whether the leases are listed. */
  readonly leases: boolean;
}

/** Renders a summary of the data that was read, and the usage of each role. */
export function renderUsage(
  gathered: Gathered,
  usage: readonly RoleUsage[],
  records: LeaseRecords,
  options: UsageOptions,
): string {
  const [only, ...others] = usage;
  const idle = others.length === 0 ? [] : usage.filter((each) => isIdle(each, records));
  const shown = only !== undefined && others.length === 0 ? [only] : usage.filter((each) => !idle.includes(each));
  const names = idle.map(({ of }) => of.key).join(', ');
  return [
    coverageText(gathered, records, options),
    ...shown.map((each) => roleText(each, records, options)),
    ...(idle.length === 0 ? [] : [para(`No lease was seen of ${names}.`, options.columns)]),
  ].join('\n');
}

/** Whether nobody requested the role. */
function isIdle(usage: RoleUsage, { records }: LeaseRecords): boolean {
  return askedAndGranted(usage, records).asked === 0 && usage.tally.calls === 0 && usage.tally.denied === 0;
}

const PIPE_COLUMNS = 120;

/** Wraps text to the width. Each line ends with a line break. */
export function para(text: string, columns: number | undefined, indent = 0): string {
  const width = Math.max((columns ?? PIPE_COLUMNS) - indent, 40);
  return wrap(text, width)
    .map((line) => `${' '.repeat(indent)}${line}\n`)
    .join('');
}

function coverageText(gathered: Gathered, { broken }: LeaseRecords, { paint, columns }: UsageOptions): string {
  const lines: string[] = [];
  for (const [account, each] of gathered.coverage) {
    const from = dayText(each.first);
    const time =
      from === undefined ? '' : `, ${from} to ${dayText(each.last)}, in ${[...each.regions].sort().join(', ')}`;
    lines.push(para(`Account ${account}: ${count(each.records, 'event')}, ${each.ours} of the roles${time}.`, columns));
    const missing = gaps(each);
    if (missing.length > 0) {
      const days = missing.slice(0, 5).map((day) => dayText(day * 86_400));
      const more = missing.length > days.length ? ` and ${missing.length - days.length} more` : '';
      lines.push(para(paint('yellow', `No event of ${days.join(', ')}${more}: is the trail complete?`), columns));
    }
    if (each.foreign > 0) {
      lines.push(
        para(
          `${count(each.foreign, 'event')} named a role of the project without belonging to it, and did not count.`,
          columns,
        ),
      );
    }
  }
  if (!gathered.complete) lines.push(para(paint('yellow', 'Interrupted: not all files were read.'), columns));
  if (gathered.maybeRepeated) lines.push(para('An event that was delivered twice may be counted twice.', columns));
  if (gathered.problemCount > 0) {
    append(lines, [
      para(
        paint(
          'red',
          `${count(gathered.problemCount, 'part')} could not be read, so that nothing is reported as unused:`,
        ),
        columns,
      ),
      ...gathered.problems
        .slice(0, MOST_LISTED)
        .map(({ place, message }) => para(`${clipped(place, 200, onOneLine)}: ${message}`, columns, 2)),
    ]);
  }
  if (broken.length > 0) {
    const ids = broken.slice(0, MOST_LISTED).map((id) => clipped(id, 80, onOneLine));
    lines.push(para(paint('red', `Records that do not verify, and did not count: ${ids.join(', ')}`), columns));
  }
  return lines.join('');
}

/** Maximum number of problems, denials and similar items in a list. Further items are only counted. */
export const MOST_LISTED = 20;

const ENTRY_COLUMNS: readonly Column[] = [
  { title: 'entry', keep: true },
  { title: 'status', hue: (cell) => STATUS_HUES[cell] },
  { title: 'calls', align: 'right' },
  { title: 'leases', align: 'right' },
  { title: 'last' },
  { title: 'where' },
];
const STATUS_HUES: Readonly<Record<string, Hue>> = { used: 'green', unused: 'yellow', unknown: 'dim' };

function roleText(usage: RoleUsage, records: LeaseRecords, { paint, columns, leases }: UsageOptions): string {
  const { of, tally, entries, nothing, denials } = usage;
  const { asked, granted, refused } = askedAndGranted(usage, records.records);
  const head = `asked ${asked}, granted ${granted}, refused ${refused}; ${count(tally.calls, 'call')}, ${tally.denied} denied`;
  const table = renderTable(ENTRY_COLUMNS, entries.map(entryRow), { paint, columns });
  const unknown = entries.filter(({ status }) => status === 'unknown');
  const notes = [
    ...(nothing === undefined ? [] : [`The command reports nothing as unused: ${nothing}.`]),
    ...(nothing === undefined ? whyText(unknown) : []),
    ...entries.flatMap(({ text, narrower }) =>
      narrower === undefined ? [] : [`Of ${text}, only ${narrower.join(', ')} was used.`],
    ),
    ...[...tally.unmapped]
      .slice(0, MOST_LISTED)
      .map(([event, { calls }]) => `The actions of ${onOneLine(event)} are not known (${count(calls, 'call')}).`),
    ...[...tally.outside]
      .slice(0, MOST_LISTED)
      .map(
        ([action, { calls }]) =>
          `${onOneLine(action)} was used although the definition does not contain it (${count(calls, 'call')}).`,
      ),
    ...(tally.otherSessions > 0
      ? [`${count(tally.otherSessions, 'call')} by sessions whose name is not a lease id.`]
      : []),
  ];
  return [
    `${paint('bold', of.key)}  ${head}\n`,
    table,
    ...notes.map((note) => para(note, columns, 2)),
    denialText(denials, usage, columns, paint),
    leases ? leaseText(usage, records, columns, paint) : '',
  ].join('');
}

function entryRow({ list, text, status, use, leases, at }: EntryUsage): readonly string[] {
  const shown = status === 'unused' || use !== undefined;
  return [
    onOneLine(text),
    status,
    shown ? String(use?.calls ?? 0) : '',
    list === 'actions' && leases !== undefined ? String(leases) : '',
    dayText(use?.last) ?? '',
    `${onOneLine(at.file)}:${at.line}`,
  ];
}

/** Lists each reason once, with all entries to which the reason applies. */
function whyText(unknown: readonly EntryUsage[]): readonly string[] {
  const reasons = new Map<string, string[]>();
  for (const { text, why = '' } of unknown) reasons.set(why, [...(reasons.get(why) ?? []), onOneLine(text)]);
  return [...reasons].map(([why, texts]) => `unknown ${texts.join(', ')}: ${onOneLine(why)}.`);
}

function denialText(
  denials: readonly DenialTally[],
  { tally }: RoleUsage,
  columns: number | undefined,
  paint: Paint,
): string {
  if (denials.length === 0) return '';
  const rows = denials
    .slice(0, MOST_LISTED)
    .map((denial) => [
      onOneLine(denial.action ?? denial.event),
      clipped(denial.resource ?? '', 120, onOneLine),
      String(denial.calls),
      String(denial.leases.size),
      String(workedOtherwise(denial, tally)),
    ]);
  const more = denials.length - rows.length;
  return [
    '\n',
    renderTable(
      [
        { title: 'denied', keep: true },
        { title: 'resource' },
        { title: 'calls', align: 'right' },
        { title: 'leases', align: 'right' },
        { title: 'of which worked otherwise', align: 'right' },
      ],
      rows,
      { paint, columns },
    ),
    more > 0 ? `  ${more} more\n` : '',
  ].join('');
}

/**
 * The number of leases with which the denied request was made and other calls were allowed. Such leases were probably
 * used for legitimate work.
 */
export function workedOtherwise({ leases }: DenialTally, tally: RoleUsage['tally']): number {
  return [...leases].filter((id) => (tally.leases.get(id)?.calls ?? 0) > 0).length;
}

function leaseText(
  { of, tally }: RoleUsage,
  { records }: LeaseRecords,
  columns: number | undefined,
  paint: Paint,
): string {
  const own = recordsOf(of, records);
  const ids = [...new Set([...tally.leases.keys(), ...own.map(({ lease }) => lease)])];
  const rows = ids.map((id) => {
    const [lease, record] = [tally.leases.get(id), records.get(id)];
    return [
      onOneLine(id),
      dayText(lease?.requestedAt ?? record?.requestedAt) ?? '',
      record?.outcome ?? (lease?.granted ? 'granted' : 'refused'),
      clipped(record?.requester ?? lease?.sourceIdentity ?? '', 40, onOneLine),
      String(lease?.calls ?? 0),
      String(lease?.denied ?? 0),
      clipped(record?.reason ?? lease?.reason ?? '', 80, onOneLine),
    ];
  });
  const titles = ['lease', 'day', 'outcome', 'requester', 'calls', 'denied', 'reason'];
  const table = titles.map(
    (title, index): Column => ({ title, keep: index === 0, align: index === 4 || index === 5 ? 'right' : 'left' }),
  );
  return rows.length === 0 ? '' : `\n${renderTable(table, rows, { paint, columns })}`;
}

function dayText(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : new Date(seconds * 1000).toISOString().slice(0, 10);
}
