/** Tells a story on a terminal, and fails where it does not go as it is told. */
import { LeaseError } from '@leasehold/runtime';
import { BrokerProblem } from '@leasehold/runtime/broker';
import { type Hue, paint, wantsColour } from '../../../lib/cli/colour';
import { wrap } from '../../../lib/cli/render/text';
import { onOneLine } from '../../../lib/contract/text';

/** Something came out otherwise than the story says. */
export class StoryFault extends Error {
  override readonly name = 'StoryFault';
}

/** Somebody's no. */
export interface Refusal {
  readonly by: 'AWS' | 'The broker';
  /** AWS's error code, or the broker's. */
  readonly code: string;
  /** Their own sentence. */
  readonly sentence: string;
}

/** The no that a story expects. */
export interface Expected {
  readonly by: Refusal['by'];
  readonly code: string;
  /** What its sentence must say. */
  readonly says?: RegExp;
}

/** How something that worked is told: in short, and line by line. */
export interface Told {
  readonly outcome: string;
  readonly lines?: readonly string[];
}

/** Writes the story down as it happens. */
export class Teller {
  readonly #write: (text: string) => void;
  readonly #paint: ReturnType<typeof paint>;
  readonly #columns: number;
  #chapters = 0;

  /** @param columns of the terminal @default 100 */
  constructor(write: (text: string) => void, colour: boolean, columns = 100) {
    this.#write = write;
    this.#paint = paint(colour);
    this.#columns = Math.max(60, Math.min(columns, 120));
  }

  /** A teller on this process's own terminal. */
  static onTerminal(): Teller {
    const { stdout, env } = process;
    const colour = wantsColour(env, undefined, stdout.isTTY === true);
    return new Teller((text) => void stdout.write(text), colour, stdout.columns);
  }

  /** What stands above or below the whole. */
  title(text: string): void {
    this.#block('bold', text, 0);
  }

  /** Begins a chapter. */
  chapter(title: string): void {
    this.#chapters += 1;
    this.#line('');
    this.#block('bold', `${this.#chapters}. ${title}`, 0);
  }

  /**
   * Something that works.
   * @param call what is done, for example `dynamodb:Query bank-prod-transactions`
   * @throws {StoryFault} when it is refused
   */
  async goes<T>(call: string, does: () => Promise<T>, told: (value: T) => Told): Promise<T> {
    this.#block('cyan', call, 3);
    const value = await does().catch((error: unknown) => {
      const { by, code, sentence } = refusalIn(error);
      throw new StoryFault(`“${call}” should have worked. ${by} says ${code}: ${sentence}`, { cause: error });
    });
    const { outcome, lines = [] } = told(value);
    this.#block('green', `✓ ${outcome}`, 3);
    for (const line of lines) this.#block(undefined, line, 5);
    return value;
  }

  /**
   * Something that is refused.
   * @throws {StoryFault} when it works, or is refused by somebody else or for something else
   */
  async refused(call: string, does: () => Promise<unknown>, expected: Expected): Promise<void> {
    this.#block('cyan', call, 3);
    const refusal = await does().then(() => undefined, refusalIn);
    if (refusal === undefined) throw new StoryFault(`“${call}” should have been refused, and worked.`);
    const { by, code, sentence } = refusal;
    if (by !== expected.by || code !== expected.code || expected.says?.test(sentence) === false) {
      const meant = `${expected.by} ${expected.code} ${expected.says ?? ''}`.trim();
      throw new StoryFault(`“${call}” should have met “${meant}”. ${by} says ${code}: ${sentence}`);
    }
    this.#block('red', `✗ ${by} says no: ${code}`, 3);
    this.#block('dim', sentence, 5);
  }

  /** Something that must be so. @throws {StoryFault} */
  demand(so: boolean, what: string): asserts so {
    if (!so) throw new StoryFault(`It should be so, and is not: ${what}.`);
  }

  /** An empty line. */
  gap(): void {
    this.#line('');
  }

  /** A line of its own. */
  note(text: string): void {
    this.#block('dim', text, 3);
  }

  /** What a chapter shows. */
  moral(text: string): void {
    this.#block(undefined, text, 3);
  }

  #block(hue: Hue | undefined, text: string, indent: number): void {
    for (const line of wrap(onOneLine(text), this.#columns - indent)) {
      this.#line(`${' '.repeat(indent)}${hue === undefined ? line : this.#paint(hue, line)}`);
    }
  }

  #line(text: string): void {
    this.#write(`${text}\n`);
  }
}

/** Who said no, and how. What is no refusal is thrown on. */
function refusalIn(error: unknown): Refusal {
  if (error instanceof BrokerProblem) {
    const { code, detail, nearest } = error.problem;
    const could =
      nearest === undefined ? '' : ` Nearest that could be had: ${nearest.role} (${nearest.actions.join(', ')}).`;
    return { by: 'The broker', code, sentence: `${detail}${could}` };
  }
  if (error instanceof AwsRefusal) return { by: 'AWS', code: error.code, sentence: error.message };
  if (error instanceof Error && '$metadata' in error) return { by: 'AWS', code: error.name, sentence: error.message };
  if (error instanceof LeaseError) return { by: 'The broker', code: error.code, sentence: error.message };
  throw error;
}

/** AWS's answer to a call that no SDK made. */
export class AwsRefusal extends Error {
  override readonly name = 'AwsRefusal';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
