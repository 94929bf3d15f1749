/** What a model turns out not to take, and is asked without from then on. */

/** A provider's no to the form of a request, with the text that says what it does not take. */
export class NotTaken extends Error {
  override readonly name = 'NotTaken';
  /** The provider's text. It may quote the request, and so is no part of the message. */
  readonly #text: string;

  constructor(text: string) {
    super('the form of the request was not taken');
    this.#text = text;
  }

  /** Whether the text speaks of something. */
  speaksOf(thing: RegExp): boolean {
    return thing.test(this.#text);
  }
}

/**
 * Makes a call that leaves out what the provider says it does not take, one thing after the other. What a call that
 * was taken had left out, the next one leaves out from the start.
 * @param things What can be left out, and how providers name it.
 * @param call Is told what to leave out. Throws {@link NotTaken} where that is still too much.
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
 * What models that are made to call a tool do not always take: a temperature, and a tool that they must call. A model
 * that is only asked to call the tool, and does not, has given no answer.
 */
export const TOOL_CONCESSIONS = { temperature: /temperature/i, toolChoice: /tool_?choice/i } as const;
