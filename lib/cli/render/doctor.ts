/**
 * Renders a diagnosis for a terminal: the problems, the verifications that were skipped, and the successful
 * verifications.
 */
import { onOneLine } from '@leasehold/contract/text';
import { countOf, type DamageSeverity, type Diagnosis, type Verified } from '@leasehold/doctor';
import type { Hue, Paint } from '../colour';
import { count, wrap } from './text';

/** The complete diagnosis, wrapped to the width of the terminal. Control characters in the account's names are escaped. */
export function renderDiagnosis(diagnosis: Diagnosis, paint: Paint, terminal: number | undefined): string {
  const columns = Math.max(terminal ?? PIPE_COLUMNS, NARROWEST);
  const lines = (text: string, indent: number) => wrap(onOneLine(text), columns - indent);
  const labelled = (label: string, text: string) =>
    lines(text, INDENT + LABEL).map(
      (line, index) => ' '.repeat(INDENT) + paint('dim', (index === 0 ? label : '').padEnd(LABEL)) + line,
    );
  const damages = diagnosis.verified.flatMap(({ id, damages: all }) =>
    all.map(({ severity, place, message, hint }) =>
      [
        `${paint(HUES[severity], severity)} ${paint('dim', id)}`,
        ...lines(message, INDENT).map((line) => ' '.repeat(INDENT) + paint('bold', line)),
        ...labelled('where', place),
        ...labelled('hint', hint),
      ].join('\n'),
    ),
  );
  const unchecked = diagnosis.verified.flatMap(({ id, unchecked: all }) =>
    all.map(({ place, why, hint }) =>
      [
        `${paint('yellow', 'not checked')} ${paint('dim', id)}`,
        ...lines(`${why}.`, INDENT).map((line) => ' '.repeat(INDENT) + line),
        ...labelled('where', place),
        ...labelled('hint', hint),
      ].join('\n'),
    ),
  );
  const blocks = [
    lines(verdict(diagnosis), 0)
      .map((line) => paint('bold', line))
      .join('\n'),
    ...damages,
    ...unchecked,
    ...named('ok', diagnosis, 'ok', lines, paint),
    ...named('skipped', diagnosis, 'skipped', lines, paint),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const INDENT = 2;
const LABEL = 7;
/** Minimum width. Narrower terminals wrap the text themselves. */
const NARROWEST = 40;
/** Width in columns for output to a file or a pipe. It is limited because people also read logs on a screen. */
const PIPE_COLUMNS = 120;

const HUES: Readonly<Record<DamageSeverity, Hue>> = { critical: 'red', high: 'red', medium: 'yellow', low: 'cyan' };

function verdict(diagnosis: Diagnosis): string {
  const [damaged, unchecked] = [countOf(diagnosis, 'damaged'), countOf(diagnosis, 'not checked')];
  const partly = diagnosis.verified.filter(
    ({ result, unchecked: all }) => result === 'damaged' && all.length > 0,
  ).length;
  const parts = [
    ...(damaged > 0 ? [`${count(damaged, 'verification')} found damage`] : []),
    ...(unchecked + partly > 0 ? [`${unchecked + partly} could not be checked completely`] : []),
    `${countOf(diagnosis, 'ok')} of ${diagnosis.verified.length} are ok`,
  ];
  return `${diagnosis.subject}: ${parts.join(', ')}.`;
}

function named(
  label: string,
  { verified }: Diagnosis,
  result: Verified['result'],
  lines: (text: string, indent: number) => readonly string[],
  paint: Paint,
): readonly string[] {
  const ids = verified.filter((each) => each.result === result).map(({ id }) => id);
  if (ids.length === 0) return [];
  const [first = '', ...rest] = lines(`${label}: ${ids.join(', ')}`, 0);
  return [[first, ...rest].map((line) => paint('dim', line)).join('\n')];
}
