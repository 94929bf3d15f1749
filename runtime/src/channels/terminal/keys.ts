/** Reads typed lines from a terminal, visible or hidden. */

/** The input of a terminal: a readable stream with raw mode, for example `tty.ReadStream`. */
export interface Keyboard extends NodeJS.ReadableStream {
  readonly isTTY?: boolean;
  setRawMode(raw: boolean): unknown;
}

/** Maximum number of characters in a line. Further characters are ignored. */
const LONGEST_LINE = 64;

/** Reads lines in raw mode, in which the terminal does not echo input. */
export class Keys {
  readonly #input: Keyboard;
  readonly #output: NodeJS.WritableStream;

  constructor(input: Keyboard, output: NodeJS.WritableStream) {
    this.#input = input;
    this.#output = output;
    input.setRawMode(true);
  }

  /**
   * Reads one line. Resolves with undefined for Ctrl-C, for Ctrl-D, and when the signal aborts. Rejects when the
   * terminal closes.
   * @param hidden Whether the input is hidden.
   */
  line(prompt: string, hidden: boolean, signal: AbortSignal): Promise<string | undefined> {
    this.#output.write(prompt);
    return new Promise((resolve, reject) => {
      const line = new Line(hidden ? undefined : this.#output);
      const end = (settle: () => void) => {
        this.#input.removeListener('data', take);
        this.#input.removeListener('error', fail);
        this.#input.removeListener('end', close);
        signal.removeEventListener('abort', abort);
        this.#input.pause();
        this.#output.write('\r\n');
        settle();
      };
      const take = (chunk: Buffer | string) => {
        const outcome = line.take(chunk.toString());
        if (outcome !== undefined) end(() => resolve(outcome === 'cancelled' ? undefined : outcome.text));
      };
      const fail = (error: Error) => end(() => reject(error));
      const close = () => fail(new Error('the input ended'));
      const abort = () => end(() => resolve(undefined));
      this.#input.on('data', take);
      this.#input.on('error', fail);
      this.#input.on('end', close);
      signal.addEventListener('abort', abort, { once: true });
      this.#input.resume();
      if (signal.aborted) abort();
    });
  }

  /** Restores the terminal's previous mode. */
  close(): void {
    this.#input.setRawMode(false);
  }
}

/** A line that is being typed. */
class Line {
  #text = '';
  readonly #echo: NodeJS.WritableStream | undefined;

  constructor(echo: NodeJS.WritableStream | undefined) {
    this.#echo = echo;
  }

  take(typed: string): { readonly text: string } | 'cancelled' | undefined {
    // Escape sequences of arrow and function keys are not text.
    for (const char of typed.replace(ESCAPE_SEQUENCE, '')) {
      if (char === '\r' || char === '\n') return { text: this.#text };
      if (char === CTRL_C || (char === CTRL_D && this.#text === '')) return 'cancelled';
      if (char === BACKSPACE || char === DELETE) this.#erase(1);
      else if (char === CTRL_U) this.#erase(this.#text.length);
      else if (/[ -~]/.test(char) && this.#text.length < LONGEST_LINE) {
        this.#text += char;
        this.#echo?.write(char);
      }
    }
    return undefined;
  }

  #erase(count: number): void {
    const erased = Math.min(count, this.#text.length);
    this.#text = this.#text.slice(0, this.#text.length - erased);
    this.#echo?.write('\b \b'.repeat(erased));
  }
}

const [CTRL_C, CTRL_D, CTRL_U, BACKSPACE, DELETE] = ['\x03', '\x04', '\x15', '\b', '\x7f'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape sequence begins with one.
const ESCAPE_SEQUENCE = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.)?/g;
