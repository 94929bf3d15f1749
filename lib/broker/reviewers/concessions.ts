/** Learns which request options a model does not accept, and omits these options from then on. */

/** A provider's rejection of a request's format, with the text that names the unsupported option. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** The text from the provider. It may quote the request, so it is not part of the message. */
  readonly #text: string;

  constructor(text: string) {
    super('the format of the request was rejected');
    this.#text = text;
  }

  /** Whether the text mentions an option. */
  speaksOf(thing: RegExp): boolean {
    return thing.test(this.#text);
  }
}

/**
 * Makes a call. If the provider rejects options, repeats the call without them, one option after the other. After a
 * call succeeds, later calls omit the same options from the start.
 * @param things The options that can be omitted, and how providers name them.
 * @param call Receives the options to omit. Throws {@link NotTaken} if the provider rejects a further option.
 */
export function conceding<Thing extends string, Arguments extends readonly unknown[], Result>(
  things: Readonly<Record<Thing, RegExp>>,
  call: (without: ReadonlySet<Thing>, ...rest: Arguments) => Promise<Result>,
): (...rest: Arguments) => Promise<Result> {
  const names = Object.keys(things) as Thing[];
  let taken: ReadonlySet<Thing> = new Set();
  return async (...rest) => {
    const without = new Set(taken);
    for (;;) {
      try {
        const result = await call(without, ...rest);
        taken = without;
        return result;
      } catch (error) {
        if (!(error instanceof NotTaken)) throw error;
        const next = names.find((thing) => !without.has(thing) && error.speaksOf(things[thing]));
        if (next === undefined) throw error;
        without.add(next);
      }
    }
  };
}

/**
 * Options that some models do not accept: a temperature, and a forced tool call. If the tool call is not forced and
 * the model does not call the tool, there is no answer.
 */
export const TOOL_CONCESSIONS = { temperature: /temperature/i, toolChoice: /tool_?choice/i } as const;
