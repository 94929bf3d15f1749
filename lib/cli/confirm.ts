/** Asks a person for confirmation. */
import { UsageError } from './exit';
import { processKeyboard } from './keyboard';
import type { Shell } from './shell';

/**
 * Requires a terminal for input and output before the person is asked. Input from a pipe is not a confirmation,
 * because it was written before the command showed any output.
 */
export function demandTerminal({ host }: Shell, instead: string): void {
  const { isTerminal } = host.keyboard ?? processKeyboard();
  if (isTerminal && host.outColumns !== undefined) return;
  throw new UsageError('there is no terminal on which somebody could read and confirm it', {
    expected: `a terminal, or ${instead}`,
    hint: `Add ${instead}.`,
  });
}

/** Whether the person types `yes`. */
export async function saysYes(question: string, shell: Shell, signal: AbortSignal): Promise<boolean> {
  return (await typed(`${question} Type yes: `, shell, signal))?.trim().toLowerCase() === 'yes';
}

/** The line that the person types. `undefined` if there is no line. */
export async function typed(question: string, { host }: Shell, signal: AbortSignal): Promise<string | undefined> {
  const keyboard = host.keyboard ?? processKeyboard();
  host.err(`\n${question}`);
  const answer = await keyboard.line(signal);
  // The person did not type a line, so the cursor is still on the line of the question.
  if (answer === undefined) host.err('\n');
  return answer;
}
