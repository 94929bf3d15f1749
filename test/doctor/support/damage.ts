/** Damages as answers of AWS written by hand, and what must find each. */
import { type Answers, authorizationOf, examined, fullEnvironment, healthyAnswer, NOW } from './account';

export const environment = fullEnvironment();
export const { account, region } = environment;
export const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);
export const policy = (...Statement: readonly object[]) => JSON.stringify({ Version: '2012-10-17', Statement });

export interface Case {
  readonly name: string;
  /** Id of the verification that finds it. */
  readonly found: string;
  /** Other verifications that rightly find it too. */
  readonly also?: readonly string[];
  readonly says: RegExp;
  readonly severity?: string;
  readonly answers: Answers;
}

/** The answer of the identities, with a change. */
export function identities(change: (details: ReturnType<typeof authorizationOf>) => void): Answers {
  const details = authorizationOf(environment);
  change(details);
  return { 'iam:GetAccountAuthorizationDetails': () => details };
}

/** Healthy answers to a call, with a change. */
export function changed(
  call: string,
  // Answers of all services have different types.
  // biome-ignore lint/suspicious/noExplicitAny: tests read them as AWS documents them.
  change: (answer: any, input: Readonly<Record<string, unknown>>, where: string) => object | Promise<object>,
): Answers {
  return {
    [call]: async (input, where) => change(await healthyAnswer(environment, call, input, where), input, where),
  };
}

/** Tests that each damage is found by the right verification alone. */
export function testDamages(cases: readonly Case[]): void {
  it.each(cases)('$name is found by $found alone', async ({ found, also = [], says, severity, answers }) => {
    const { verified } = await examined(environment, answers);
    const wrong = verified.filter(({ result }) => result !== 'ok');
    expect(wrong.map(({ id, result }) => [id, result]).sort()).toEqual(
      [found, ...also].map((id) => [id, 'damaged']).sort(),
    );
    const damages = wrong.filter(({ id }) => id === found).flatMap((each) => each.damages);
    const [damage] = damages.filter(({ message }) => says.test(message));
    expect({ messages: damage === undefined ? damages.map(({ message }) => message) : [] }).toEqual({ messages: [] });
    if (severity !== undefined) expect(damage?.severity).toBe(severity);
    expect(damage?.hint).not.toBe('');
  });
}
