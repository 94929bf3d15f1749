/** Renders the report of a check for people: findings, valid waivers, and one summary line. */

import { onOneLine } from '@leasehold/contract/text';
import type { Finding, Severity } from '@leasehold/definitions';
import { renderBlocks } from '@leasehold/definitions';
import type { WaivedFinding } from '@leasehold/guardrails';
import type { CheckedProject } from '../checked-project';
import type { Paint } from '../colour';
import { count } from './text';

/** The complete report of a check. */
export function renderReport(project: CheckedProject, today: string, paint: Paint): string {
  const { findings, waived } = project;
  const blocks = [
    ...renderBlocks(findings, { color: paint.on }),
    ...(waived.length > 0 ? [renderWaivers(waived, today, paint)] : []),
    renderTally(project, paint),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** All waivers that are valid now, each with the findings that it suppresses. Without a final line break. */
export function renderWaivers(waived: readonly WaivedFinding[], today: string, paint: Paint): string {
  const groups = new Map<string, { waiver: WaivedFinding; findings: Finding[] }>();
  for (const waiver of waived) {
    const key = JSON.stringify([waiver.guardrail, waiver.role, waiver.because, waiver.until]);
    const group = groups.get(key) ?? { waiver, findings: [] };
    group.findings.push(waiver.finding);
    groups.set(key, group);
  }
  const blocks = [...groups.values()].map(({ waiver: { guardrail, role, because, until }, findings }) => {
    return [
      `${paint('yellow', 'waived')} ${paint('bold', guardrail)} ${role === undefined ? 'for the project' : `for role ${role}`}, ${term(until, today)}`,
      `  because: ${onOneLine(because)}`,
      ...findings.map((finding) => `  sets aside: ${place(finding)} ${onOneLine(finding.message)}`),
    ].join('\n');
  });
  return blocks.join('\n\n');
}

/** One line that states what was checked, and the result. */
export function renderTally({ definitions, files, findings, waived }: CheckedProject, paint: Paint): string {
  const roles = new Set(definitions?.environments.flatMap((environment) => environment.roles.map(({ name }) => name)));
  const scope = [
    ...(definitions ? [count(roles.size, 'role'), count(definitions.environments.length, 'environment')] : []),
    count(files, 'file'),
  ];
  const tallies = SEVERITIES.map((severity) => ({ severity, amount: tally(findings, severity) })).filter(
    ({ severity, amount }) => amount > 0 || severity === 'error',
  );
  const result = tallies.map(({ severity, amount }) =>
    amount === 0 ? paint('green', 'no errors') : paint(HUES[severity], count(amount, severity)),
  );
  const aside = waived.length > 0 ? [paint('yellow', `${count(waived.length, 'finding')} waived`)] : [];
  return `${scope.join(', ')}: ${[...result, ...aside].join(', ')}`;
}

/** The number of findings with a severity. */
export function tally(findings: readonly Finding[], severity: Severity): number {
  return findings.filter((finding) => finding.severity === severity).length;
}

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];
const HUES = { error: 'red', warning: 'yellow', note: 'cyan' } as const;

function term(until: string, today: string): string {
  const days = Math.round((Date.parse(until) - Date.parse(today)) / 86_400_000);
  return `until ${until} (${days === 0 ? 'ends today' : `${count(days, 'day')} left`})`;
}

function place({ at }: Finding): string {
  return `${onOneLine(at.file)}:${at.line}:${at.column}`;
}
