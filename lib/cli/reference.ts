/** Generates `docs/cli.md`, the reference of every command, from the texts of `--help`. */
import type { Argument, Command, Option } from 'commander';
import { exitLines, type HelpNotes, helpNotes } from './help';
import type { Host } from './host';
import { createProgram, define } from './program';
import { openShell } from './shell';

/** Path of the reference, relative to the repository. A test fails if the file differs from the generated text. */
export const REFERENCE_FILE = 'docs/cli.md';

/** The reference as Markdown. */
export function renderReference(): string {
  const host: Host = {
    out: () => {},
    err: () => {},
    outColumns: undefined,
    errColumns: undefined,
    cwd: '/',
    env: {},
    today: '1970-01-01',
  };
  const program = createProgram(host);
  for (const command of program.commands)
    define(
      command,
      openShell(host, false, () => {}),
    );
  const blocks = [
    '# Command line',
    '<!-- Generated from the help of the commands; `LEASEHOLD_GOLDEN=write npm test` writes it again. -->',
    program.description(),
    INTRODUCTION,
    list(
      program.commands.map((command) => [
        `[\`leasehold ${command.name()}\`](#leasehold-${command.name()})`,
        command.summary(),
      ]),
    ),
    '## Options of every command',
    options(program),
    ...program.commands.flatMap(section),
  ];
  return `${blocks.join('\n\n')}\n`;
}

const INTRODUCTION = `Every command prints only its result to stdout. Notes, errors, and findings that prevent the result go to stderr. Colour is used
only on a terminal. \`--color\` and \`--no-color\` change this. Without these options, \`FORCE_COLOR\`, \`NO_COLOR\` and
\`TERM=dumb\` change it, in this order.

| exit code | meaning |
| --- | --- |
| 0 | success |
| 1 | the definitions have errors, or a request is denied |
| 2 | the command line is invalid, or a file or address in it cannot be used |
| 70 | a defect in Leasehold itself |`;

function section(command: Command): readonly string[] {
  const notes = helpNotes(command);
  return [
    `## leasehold ${command.name()}`,
    command.description(),
    `\`\`\`text\nleasehold ${command.name()} ${command.usage()}\n\`\`\``,
    ...(command.registeredArguments.length > 0
      ? [`Arguments:\n\n${list(command.registeredArguments.map(argument))}`]
      : []),
    ...(command.options.length > 0 ? [`Options:\n\n${options(command)}`] : []),
    ...(notes ? [examples(notes), exits(notes)] : []),
    ...(notes?.details === undefined ? [] : [notes.details]),
  ];
}

function argument(each: Argument): readonly [string, string] {
  const preset = Array.isArray(each.defaultValue) ? each.defaultValue.join(' ') : each.defaultValue;
  return [`\`${each.name()}\``, preset === undefined ? each.description : `${each.description}; default \`${preset}\``];
}

function options(command: Command): string {
  return list(command.options.map((option: Option) => [`\`${option.flags}\``, option.description]));
}

function list(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([term, text]) => `- ${term}: ${text}`).join('\n');
}

function examples({ examples: lines }: HelpNotes): string {
  return ['```sh', ...lines.flatMap(([line, purpose]) => [`# ${purpose}`, line]), '```'].join('\n');
}

function exits(notes: HelpNotes): string {
  const own = exitLines(notes).filter(([code]) => code < 2);
  return `Exit code ${own.map(([code, meaning]) => `${code}: ${meaning}`).join('. ')}.`;
}
