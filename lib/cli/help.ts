/** The parts of a command's help that the commander library does not generate: examples and exit codes. */
import type { Command } from 'commander';
import { EXIT } from './exit';

export interface HelpNotes {
  /** Command lines that can be typed verbatim, each with its purpose. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /**
   * The meaning of the exit codes 0 and 1 for this command. The other codes have the same meaning for every command.
   */
  readonly exits: { readonly 0: string; readonly 1?: string };
  /** Additional Markdown for the reference page. */
  readonly details?: string;
}

/** The help notes of each command, for the reference page. */
const notes = new WeakMap<Command, HelpNotes>();

/** Adds examples and exit codes to a command's help. */
export function explainHelp(command: Command, help: HelpNotes): Command {
  notes.set(command, help);
  return command.addHelpText('after', `\n${helpText(help)}`);
}

/** The notes that were added to a command. */
export function helpNotes(command: Command): HelpNotes | undefined {
  return notes.get(command);
}

/** Exit codes in ascending order, each with its meaning. */
export function exitLines(help: HelpNotes): readonly (readonly [code: number, meaning: string])[] {
  return [
    [EXIT.fine, help.exits[0]],
    ...(help.exits[1] === undefined ? [] : [[EXIT.findings, help.exits[1]] as const]),
    [EXIT.usage, 'the command line is invalid, or a file or address in it cannot be used'],
    [EXIT.defect, 'a defect in Leasehold itself'],
  ];
}

function helpText(help: HelpNotes): string {
  return [
    'Examples:',
    ...help.examples.flatMap(([line, purpose]) => [`  # ${purpose}`, `  ${line}`]),
    '',
    'Exit codes:',
    ...exitLines(help).map(([code, meaning]) => `  ${String(code).padEnd(2)}  ${meaning}`),
  ].join('\n');
}
