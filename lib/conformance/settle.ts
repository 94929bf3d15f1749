/** Waits until the new identities can be used: IAM is eventually consistent. */
import { Bench } from './bench';
import { ConformanceError } from './error';
import type { Lab, Trace } from './lab';

/**
 * Number of seconds after which a change that has taken effect in one place has usually taken effect everywhere.
 * Probes also repeat denied calls.
 */
const GRACE = 10;

/**
 * Waits until the keys of both users work, and opens the session of the probes' broker.
 * @throws ConformanceError `refused`
 */
export async function settle(lab: Lab): Promise<void> {
  const trace: Trace = [];
  const bench = new Bench(lab, trace);
  const { agent, operator } = lab.identities;
  for (const keys of [agent, operator]) {
    const { met } = await bench.until(
      () => bench.ask('sts', 'GetCallerIdentity', {}, { what: keys.whose, keys }),
      ({ outcome }) => outcome === 'allowed',
      lab.patience.settle,
    );
    if (!met) throw unusable(keys.whose, trace);
  }
  const { answer } = await bench.until(
    () =>
      bench.assume(
        { RoleArn: lab.plan.broker.arn, RoleSessionName: 'broker', DurationSeconds: 3600 },
        'the role of the probes’ broker',
        operator,
      ),
    ({ keys }) => keys !== undefined,
    lab.patience.settle,
  );
  if (answer.keys === undefined) throw unusable(answer.what, trace);
  lab.broker = answer.keys;
  await bench.pause(GRACE);
}

function unusable(what: string, trace: Trace): ConformanceError {
  const last = trace.at(-1);
  return new ConformanceError(
    'refused',
    `${what} cannot be used: ${last?.code ?? last?.outcome ?? 'no answer'}`,
    'Look for a service control policy that denies the call, or run the probes again.',
  );
}
