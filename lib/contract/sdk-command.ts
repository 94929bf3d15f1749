/** Types of the AWS SDK's client modules, derived from the module itself. */

/** Name of a client module's command class, without the suffix `Command`. */
export type CommandOf<M> = Extract<keyof M, `${string}Command`> extends `${infer C}Command` ? C : never;
type CommandClass<M, C extends string> = M[`${C}Command` & keyof M];

/** The input of a command. */
export type CommandInput<M, C extends string> =
  CommandClass<M, C> extends new (...input: never[]) => { input: infer I } ? I : never;

/** The output of a command. */
export type CommandOutput<M, C extends string> =
  CommandClass<M, C> extends new (
    ...input: never[]
  ) => { resolveMiddleware(...stack: never[]): (...args: never[]) => Promise<{ output: infer O }> }
    ? O
    : never;
