/** The machine on which an agent runs, as the verifications see it. Tests replace it. */

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
}
