/** The terminal of this process. */
import { openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import { channelFailed } from '../question';
import { isInBackground } from './background';
import type { Keyboard } from './keys';

/** The streams of a terminal. */
export interface Terminal {
  readonly input: Keyboard;
  readonly output: NodeJS.WritableStream;
  /** Releases the keyboard. */
  closeInput(): void;
  /** Closes the streams that this module opened, so that the process can exit. */
  close(): void;
}

/**
 * The given terminal or, if no terminal is given, the terminal of the process.
 * @throws LeaseError `channel-failed` if there is no terminal
 */
export function openTerminal(given: { readonly input?: Keyboard; readonly output?: NodeJS.WritableStream }): Terminal {
  const { input, output } = given;
  if (input !== undefined && typeof input.setRawMode !== 'function') throw none('the given input has no raw mode');
  if (input !== undefined && output !== undefined) return { input, output, closeInput: () => {}, close: () => {} };
  const own = controllingTerminal() ?? standardStreams();
  if (own === undefined) throw none('the process has no terminal');
  return { ...own, input: input ?? own.input, output: output ?? own.output };
}

/**
 * The terminal from which the process was started, even if the standard streams are redirected. On Windows, and in a
 * process that runs as a service, there is no such terminal.
 */
function controllingTerminal(): Terminal | undefined {
  if (process.platform === 'win32') return undefined;
  if (isInBackground()) {
    throw channelFailed(
      'the process runs in the background of its terminal, and cannot ask there',
      'Bring the process to the foreground (fg), or choose another channel, such as the socket.',
      true,
    );
  }
  try {
    const input = new ReadStream(openSync('/dev/tty', 'r'));
    const output = new WriteStream(openSync('/dev/tty', 'w'));
    return {
      input,
      output,
      closeInput: () => input.destroy(),
      close: () => output.end(),
    };
  } catch {
    return undefined;
  }
}

function standardStreams(): Terminal | undefined {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return undefined;
  return { input: stdin, output: stderr, closeInput: () => stdin.pause(), close: () => {} };
}

function none(why: string) {
  return channelFailed(why, 'Run the agent at a terminal, or choose another approval channel.', false);
}
