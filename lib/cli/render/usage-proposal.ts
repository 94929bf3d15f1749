/** Renders proposals for narrower roles on a terminal, with the evidence for each line. */
import { clipped, onOneLine } from '@leasehold/contract/text';
import type { Proposal, RoleUsage } from '@leasehold/usage';
import type { Paint } from '../colour';
import { count } from './text';
import { MOST_LISTED, para, workedOtherwise } from './usage';

/**
 * Renders a proposal: the diff, the evidence for each line, the entries that stay, and questions about denied requests.
 */
export function renderProposal(
  { files, removed, statements, kept, refused, idle, warnings, proven }: Proposal,
  usage: readonly RoleUsage[],
  paint: Paint,
  columns: number | undefined,
): string {
  const place = ({ file, line }: { readonly file: string; readonly line: number }) => `${onOneLine(file)}:${line}`;
  const section = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : [`\n${paint('bold', title)}\n`, ...lines.map((line) => para(line, columns, 2))];
  const evidence = evidenceOf(usage);
  return [
    ...files.map(
      ({ diff }) =>
        `\n${diff
          .split('\n')
          .map((line) => coloured(line, paint))
          .join('\n')}`,
    ),
    files.length === 0 ? '\nNo narrower role is proposed.\n' : '',
    ...section('Evidence', [
      ...statements.map(({ at, roles }) => `${place(at)}  the statement: nothing of it was used (${roles.join(', ')})`),
      ...removed.map(({ at, text, by, roles }) =>
        by.length === 0
          ? `${place(at)}  ${onOneLine(text)}: never used (${roles.map(evidence).join('; ')})`
          : `${place(at)}  ${onOneLine(text)}: only ${by.join(', ')} was used (${roles.map(evidence).join('; ')})`,
      ),
    ]),
    ...section('Proven to be inside the old role', proven.length === 0 ? [] : [proven.join(', ')]),
    ...section('Kept, because it is not known whether they were used', keptText(kept)),
    ...section(
      'Not proposed',
      refused.map(({ at, text, why }) => `${place(at)}  ${onOneLine(text)}: ${onOneLine(why)}`),
    ),
    ...section('Nothing of these roles was used; consider removing them', idle.length === 0 ? [] : [idle.join(', ')]),
    ...section(
      'New warnings of `leasehold validate`',
      warnings.map(({ at, id, message }) => `${place(at)}  ${id}: ${onOneLine(message)}`),
    ),
    ...section('Questions: AWS denied these calls. No proposal permits them', usage.flatMap(questions)),
  ].join('');
}

/** Lists each reason once, with all places to which the reason applies. */
function keptText(kept: Proposal['kept']): readonly string[] {
  const reasons = new Map<string, Map<string, Set<number>>>();
  for (const { at, why } of kept) {
    if (why === 'it was used') continue;
    const files = reasons.get(why) ?? new Map<string, Set<number>>();
    files.set(at.file, (files.get(at.file) ?? new Set()).add(at.line));
    reasons.set(why, files);
  }
  return [...reasons].map(([why, files]) => {
    const places = [...files].map(
      ([file, lines]) => `${onOneLine(file)}:${[...lines].sort((a, b) => a - b).join(',')}`,
    );
    return `${onOneLine(why)}: ${places.join(' ')}`;
  });
}

function questions({ of, tally, denials }: RoleUsage): readonly string[] {
  return denials.slice(0, MOST_LISTED).map((denial) => {
    const what = onOneLine(denial.action ?? denial.event);
    const where = denial.resource === undefined ? '' : ` on ${clipped(denial.resource, 120, onOneLine)}`;
    const worked = workedOtherwise(denial, tally);
    return `${of.key}: does the task need ${what}${where}? Denied ${count(denial.calls, 'time')} in ${count(denial.leases.size, 'lease')}, of which ${worked} worked otherwise.`;
  });
}

/** How much usage of a role was observed. Claims such as "never used" depend on this. */
function evidenceOf(usage: readonly RoleUsage[]): (key: string) => string {
  const texts = new Map(
    usage.map(({ of, tally }) => {
      const leases = [...tally.leases.values()].filter(({ granted }) => granted).length;
      return [of.key, `${of.key}: ${count(leases, 'lease')}, ${count(tally.calls, 'call')}`];
    }),
  );
  return (key) => texts.get(key) ?? key;
}

function coloured(line: string, paint: Paint): string {
  const shown = onOneLine(line).length === line.length ? line : onOneLine(line);
  if (line.startsWith('+')) return paint('green', shown);
  return line.startsWith('-') ? paint('red', shown) : shown;
}
