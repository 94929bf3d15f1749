/**
 * Renders the report of an import for people: the parts that cannot be imported and what to do instead, how the roles
 * are narrower than the source, and the remaining steps.
 */
import { listInWords, onOneLine } from '@leasehold/contract/text';
import type { Paint } from '../colour';
import type { Imported } from '../import/import';
import type { Loss } from '../import/model';
import { count } from './text';

/** Maximum number of names for each reason. Further names are only counted; `--json` lists all names. */
const SHOWN = 8;

/** The report of an import, for stderr. */
export function renderImport(imported: Imported, from: string, paint: Paint): string {
  const { roles, lost, narrower, dead, left, proposals } = imported;
  const blocks = [
    summary(imported, from, paint),
    section(paint('red', 'cannot be had'), groups(lost).flatMap(renderGroup)),
    section(
      paint('yellow', 'narrower than the source'),
      narrower.map((text) => `- ${text}`),
    ),
    section(
      paint('dim', 'named by the source and never permitted'),
      groups(dead.map((idle) => ({ ...idle, instead: '' }))).flatMap(renderGroup),
    ),
    section(
      paint('red', '`leasehold validate` still complains'),
      left.flatMap(({ message, hint, id }) => [`- ${message} [${id}]`, `  hint: ${hint}`]),
    ),
    section(paint('bold', 'to do'), todo(imported, roles.length)),
    section(paint('dim', 'parameters that you could declare'), counted(proposals.map((text) => `- ${text}`))),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function summary({ roles }: Imported, from: string, paint: Paint): string {
  if (roles.length === 0) return `${paint('red', 'no roles')} from ${onOneLine(from)}`;
  const names = counted(roles.map(({ name, access }) => `  ${name} (${access})`));
  return [
    `${paint('green', count(roles.length, 'role'))} from ${onOneLine(from)}`,
    ...names,
    '  Proven: whatever they permit, the source permits.',
  ].join('\n');
}

function todo({ yaml, variables }: Imported, roles: number): readonly string[] {
  if (roles === 0) return [];
  const texts = yaml.match(/"TODO\b/g)?.length ?? 0;
  return [
    ...(variables.length === 0
      ? []
      : [
          '- Name the resources of the task in the project, for each environment; a value may end in `*`:',
          '    variables:',
          ...variables.map((name) => `      ${name}: "…"`),
        ]),
    ...(texts === 0 ? [] : [`- Write ${count(texts, 'text')} that ${texts === 1 ? 'begins' : 'begin'} with TODO.`]),
    '- Run `leasehold validate`.',
  ];
}

interface LossGroup {
  readonly why: string;
  readonly instead: string;
  readonly what: readonly string[];
}

function groups(lost: readonly Loss[]): readonly LossGroup[] {
  const found = new Map<string, { why: string; instead: string; what: string[] }>();
  for (const { what, why, instead } of lost) {
    const key = JSON.stringify([why, instead]);
    const group = found.get(key) ?? { why, instead, what: [] };
    found.set(key, group);
    group.what.push(what);
  }
  return [...found.values()];
}

function renderGroup({ why, instead, what }: LossGroup): readonly string[] {
  return [
    `- ${listInWords(what, { most: SHOWN })}`,
    `  why:     ${why}`,
    ...(instead === '' ? [] : [`  instead: ${instead}`]),
  ];
}

function counted(lines: readonly string[]): readonly string[] {
  return lines.length <= 2 * SHOWN ? lines : [...lines.slice(0, 2 * SHOWN), `  … and ${lines.length - 2 * SHOWN} more`];
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? '' : [title, ...lines.map((line) => `  ${tidy(line)}`)].join('\n');
}

/** Keeps the indentation of a line, and removes control characters that a terminal would interpret. */
function tidy(line: string): string {
  const indent = /^ */.exec(line)?.[0] ?? '';
  return `${indent}${onOneLine(line.slice(indent.length))}`;
}

/** Version of the JSON format. */
const VERSION = 1;

/** The report of an import as JSON data, for programs. */
export function importJson(imported: Imported) {
  const { yaml, roles, variables, proposals, lost, narrower, dead, left } = imported;
  return {
    version: VERSION,
    yaml,
    roles: roles.map(({ name, access, source }) => ({ name, access, source })),
    variables,
    proposals,
    lost,
    narrower,
    neverPermitted: dead,
    left: left.map(({ id, message, hint }) => ({ id, message, hint })),
  };
}
