/**
 * Renders findings as blocks of text. Positions with the same error are grouped, and the findings of one file fit on a
 * screen.
 */
import type { Finding } from './finding';
import { type RenderOptions, renderFinding } from './render';

/**
 * All findings, separated by empty lines, and a last line with the number of findings; an empty string if there are no
 * findings.
 */
export function renderFindings(findings: readonly Finding[], options: RenderOptions): string {
  if (findings.length === 0) return '';
  const counted = (['error', 'warning', 'note'] as const)
    .map((severity) => [severity, findings.filter((finding) => finding.severity === severity).length] as const)
    .filter(([, count]) => count > 0)
    .map(([severity, count]) => `${count} ${severity}${count === 1 ? '' : 's'}`);
  return [...renderBlocks(findings, options), counted.join(', ')].join('\n\n');
}

/**
 * One block for each finding. If the findings of a file do not fit on a screen, they are shortened in three steps:
 * findings that differ only in quoted values are grouped; then source lines are omitted; then only the first findings
 * are shown, and the rest are counted.
 */
export function renderBlocks(findings: readonly Finding[], options: RenderOptions): readonly string[] {
  const files = new Set(findings.map(({ at }) => at.file));
  return [...files].flatMap((file) =>
    fitted(
      findings.filter(({ at }) => at.file === file),
      options,
    ),
  );
}

const SCREEN_LINES = 50;
const SCREEN_COLUMNS = 80;
/**
 * The complete list of errors is shown even if it is a little longer than a screen, because after a shortened list the
 * user would have to run the command again.
 */
const MOST_LINES = 65;
/** Limits for the output of each error if a file has too many errors. */
const MOST_ALSO = 3;
const MOST_TEXT = 150;
/** Maximum number of quoted values that are shown for each further position. */
const MOST_QUOTED = 4;

type Group = readonly [Finding, ...Finding[]];

function grouped(findings: readonly Finding[]): readonly Group[] {
  const groups = new Map<string, [Finding, ...Finding[]]>();
  for (const finding of findings) {
    const { id, severity, message, hint, environment = '' } = finding;
    // The text after a colon explains the value that is quoted before the colon.
    const [fault = ''] = message.split(': ');
    const key = [id, severity, environment, unquoted(fault), unquoted(hint)].join('\0');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()];
}

/** A message without its quoted values. */
function unquoted(text: string): string {
  return text.replace(/`[^`]*`(?:(?:, | and )(?=`))?/g, '`').replace(/`+/g, '`');
}

function fitted(findings: readonly Finding[], options: RenderOptions): readonly string[] {
  const each = findings.map((finding) => renderFinding(finding, options));
  if (heightOf(each) <= SCREEN_LINES) return each;
  const groups = grouped(findings);
  const whole = groups.map(([first, ...rest]) => renderFinding(first, options, { also: alsoLines(first, rest) }));
  if (heightOf(whole) <= SCREEN_LINES) return whole;
  const brief = groups.map(([first, ...rest]) =>
    renderFinding(first, options, { also: alsoLines(first, rest), brief: true }),
  );
  const all = brief.join('\n');
  if (heightOf([all]) <= MOST_LINES) return [all];
  return [first(groups, options)];
}

/** The errors that fit on a screen, and the number of further errors. */
function first(groups: readonly Group[], options: RenderOptions): string {
  const blocks: string[] = [];
  const rest = [...groups];
  for (let [group] = rest; group !== undefined; [group] = rest) {
    const [finding, ...others] = group;
    const short = { ...finding, message: cut(finding.message), hint: cut(finding.hint) };
    if (finding.expected !== undefined) short.expected = cut(finding.expected);
    const block = renderFinding(short, options, { also: alsoLines(finding, others, MOST_ALSO), brief: true });
    if (blocks.length > 0 && heightOf([...blocks, block]) > SCREEN_LINES) break;
    blocks.push(block);
    rest.shift();
  }
  if (rest.length > 0) {
    const left = new Map<string, number>();
    for (const group of rest) left.set(group[0].id, (left.get(group[0].id) ?? 0) + group.length);
    const counts = [...left].map(([id, count]) => `${id} (${count})`);
    blocks.push(`and ${counts.join(', ')}: fix these first, or list all with \`leasehold validate --json\``);
  }
  return blocks.join('\n');
}

function cut(text: string): string {
  return text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text;
}

/**
 * Lines with the positions of further findings, each with the quoted values that the first finding does not contain.
 */
function alsoLines(first: Finding, rest: readonly Finding[], most = rest.length): readonly string[] {
  const known = new Set([...quoted(first.message), ...quoted(first.expected ?? '')]);
  const shown = rest.slice(0, most).map((finding) => {
    const own = [...quoted(finding.message), ...quoted(finding.expected ?? '')].filter((text) => !known.has(text));
    return `${finding.at.line}:${finding.at.column} ${own.slice(0, MOST_QUOTED).join(' ')}`.trimEnd();
  });
  const more = rest.length - shown.length;
  return joined(more > 0 ? [...shown, `and ${more} more`] : shown);
}

function quoted(text: string): readonly string[] {
  return text.match(/`[^`]*`/g) ?? [];
}

/** Joins short texts into lines. */
function joined(texts: readonly string[]): readonly string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + text.length < SCREEN_COLUMNS - 14) lines.push(`${lines.pop()}, ${text}`);
    else lines.push(text);
  }
  return lines;
}

/** The height of blocks on a screen, with an empty line between them. */
function heightOf(blocks: readonly string[]): number {
  const lines = blocks.join('\n\n').split('\n');
  return lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / SCREEN_COLUMNS)), 0);
}
