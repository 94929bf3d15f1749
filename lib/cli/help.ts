/** The part of a command's help that commander does not write: examples and exit codes. */
import type { Command } from 'commander';

export interface HelpNotes {
  /** Lines that can be typed as they stand, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  /** What the exit codes 0 and 1 say of this command; 2 means the same everywhere. */
  readonly exits: { readonly 0: string; readonly 1?: string };
}

/** The notes of each command, for the reference page. */
const notes = new WeakMap<Command, HelpNotes>();

/** Adds examples and exit codes to a command's help. */
export function explainHelp(command: Command, help: HelpNotes): Command {
  notes.set(command, help);
  return command.addHelpText('after', () => `\n${helpText(help)}`);
}

/** The notes that were added to a command. */
export function helpNotes(command: Command): HelpNotes | undefined {
  return notes.get(command);
}

/** Exit codes in order, each with what it says. */
export function exitLines(help: HelpNotes): readonly (readonly [code: number, meaning: string])[] {
  return [
    [0, help.exits[0]],
    ...(help.exits[1] === undefined ? [] : [[1, help.exits[1]] as const]),
    [2, 'the command line, or a place that it names, cannot be used'],
  ];
}

function helpText(help: HelpNotes): string {
  const widest = Math.max(...help.examples.map(([line]) => line.length));
  return [
    'Examples:',
    ...help.examples.map(([line, purpose]) => `  ${line.padEnd(widest)}  # ${purpose}`),
    '',
    'Exit codes:',
    ...exitLines(help).map(([code, meaning]) => `  ${code}  ${meaning}`),
  ].join('\n');
}
