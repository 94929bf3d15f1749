/** Runs the doctor for the command line: provides connections, the broker's code, and a progress line. */
import { readRecord } from '@leasehold/broker';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import {
  accountVerifications,
  type Diagnosis,
  examineAccount,
  examineMachine,
  type FoundCredentials,
  thisMachine,
  verifications,
} from '@leasehold/doctor';
import { nearest } from '@leasehold/policy';
import type { OwnCredentials } from '@leasehold/runtime';
import { awsConnection } from './aws-connection';
import { UsageError } from './exit';
import type { Host } from './host';
import type { Shell } from './shell';

interface DoctorRun {
  readonly skip: readonly string[];
  readonly profile?: string | undefined;
  /**
   * Hash of the broker's code.
   * @default unknown
   */
  readonly brokerCode?: string | undefined;
}

/** Verifies the account of an environment. Shows the progress on a terminal. */
export async function accountDiagnosis(
  environment: Environment,
  { skip, profile, brokerCode }: DoctorRun,
  { host }: Pick<Shell, 'host'>,
): Promise<Diagnosis> {
  const progress = progressLine(host);
  try {
    return await examineAccount(environment, {
      skip,
      brokerCode,
      verifyRecord: (lease, events) => {
        const record = readRecord(lease, events);
        return record.kind === 'holds' ? undefined : record.because;
      },
      configure: (service, region) => ({ ...defined({ profile }), ...awsConnection(service, region, host) }),
      onCall: progress.called,
      onVerified: progress.verified,
    });
  } finally {
    progress.end();
  }
}

/** Verifies this machine, on which an agent with the given access key id runs. */
export function machineDiagnosis(
  { skip, key }: { readonly skip: readonly string[]; readonly key: string | undefined },
  { host }: Pick<Shell, 'host'>,
): Promise<Diagnosis> {
  const { env, cwd } = host;
  const endpoint = env.AWS_CONTAINER_CREDENTIALS_FULL_URI;
  let found: Promise<readonly FoundCredentials[]> | undefined;
  const credentials = () => {
    found ??= foreignCredentials({ ...defined({ accessKeyId: key }), ...(isServe(endpoint) ? { endpoint } : {}) });
    return found;
  };
  return examineMachine(thisMachine({ env, cwd, credentials }), { skip });
}

/** Whether an address can be the address of `leasehold serve`, which listens only on the loopback interface. */
function isServe(address: string | undefined): address is string {
  return /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\//.test(address ?? '');
}

async function foreignCredentials(own: OwnCredentials): Promise<readonly FoundCredentials[]> {
  const { assertCleanEnvironment, EnvironmentNotClean } =
    require('@leasehold/runtime') as typeof import('@leasehold/runtime');
  try {
    await assertCleanEnvironment({ own });
    return [];
  } catch (error) {
    if (error instanceof EnvironmentNotClean) return error.places;
    throw error;
  }
}

/**
 * The given ids, if all of them are ids of verifications.
 * @throws UsageError
 */
export function knownIds(ids: readonly string[]): readonly string[] {
  const known = verifications.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const near = nearest(id, known);
    throw new UsageError(`--skip ${id}: there is no such verification`, {
      expected: 'the id of a verification',
      hint: near === undefined ? 'docs/doctor.md lists them.' : `Did you mean "${near}"?`,
    });
  }
  return ids;
}

/** A line on stderr that is overwritten again and again. Nothing is written if stderr is not a terminal. */
function progressLine({ err, errColumns }: Host) {
  let calls = 0;
  let done = 0;
  let shown = 0;
  const show = () => {
    if (errColumns === undefined || Date.now() - shown < 100) return;
    shown = Date.now();
    err(`\r\x1b[2K${done} of ${accountVerifications.length} verifications, ${calls} calls to AWS`);
  };
  return {
    called: () => {
      calls += 1;
      show();
    },
    verified: () => {
      done += 1;
      show();
    },
    end: () => {
      if (shown > 0) err('\r\x1b[2K');
    },
  };
}
