/** Runs of the probes against a sandbox, whose clock moves when a probe waits. */
import { type ConformanceReport, type ConformOptions, conform, type ProbeClock } from '@leasehold/conformance';
import { type Assumption, type Sandbox, startSandbox } from '@leasehold/sandbox';
import { plain } from '../../sandbox/support/sandbox';
import { anEnvironment, definitions } from '../../support/environment';

export const ACCOUNT = '123456789012';

/** The sandbox's clock, which a wait moves. */
export function sandboxClock({ clock }: Sandbox): ProbeClock {
  return {
    now: () => clock.now(),
    sleep: async (milliseconds, signal) => {
      signal.throwIfAborted();
      clock.advance(milliseconds / 1000);
    },
  };
}

/** What a run against a sandbox needs. */
export function optionsFor(sandbox: Sandbox, options: Partial<ConformOptions> = {}): ConformOptions {
  return {
    account: ACCOUNT,
    regions: ['eu-west-1', 'us-east-1', 'ap-northeast-1'],
    configure: () => ({ endpoint: sandbox.url, credentials: plain(sandbox.administrator) }),
    clock: sandboxClock(sandbox),
    bucket: 'hermes-dev-deploy',
    table: { name: 'orders', key: 'customer' },
    patience: { settle: 6, change: 20 },
    ...options,
  };
}

/** A sandbox of one environment, in which some assumptions about AWS are wrong. */
export function anAccount(...violate: readonly Assumption[]): Promise<Sandbox> {
  const table = `arn:aws:dynamodb:eu-west-1:${ACCOUNT}:table/orders`;
  return startSandbox({
    source: { definitions: definitions(anEnvironment()) },
    known: { partitionKeys: new Map([[table, 'customer']]) },
    violate,
  });
}

/** The report of a run against a sandbox. */
export async function conformed(
  violate: readonly Assumption[] = [],
  options: Partial<ConformOptions> = {},
): Promise<ConformanceReport> {
  const sandbox = await anAccount(...violate);
  try {
    return await conform(optionsFor(sandbox, options));
  } finally {
    await sandbox.stop();
  }
}
