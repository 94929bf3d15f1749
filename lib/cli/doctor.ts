/**
 * Runs the doctor for the command line: provides connections to AWS, the hash of the broker's code, and a progress
 * line.
 */
import { environmentKey, readPeopleRecords, readRecord, verifyKeys } from '@leasehold/broker';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import {
  accountVerifications,
  type Diagnosis,
  examineAccount,
  examineMachine,
  type FoundCredentials,
  thisMachine,
  type VerifyPasskeys,
} from '@leasehold/doctor';
import type { OwnCredentials } from '@leasehold/runtime';
import { awsConnection } from './aws-connection';
import type { Host } from './host';
import { progressLine } from './progress-line';
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
  const progress = doctorProgress(host);
  try {
    return await examineAccount(environment, {
      skip,
      brokerCode,
      verifyRecord: (lease, events) => {
        const record = readRecord(lease, events);
        return record.kind === 'holds' ? undefined : record.because;
      },
      verifyPasskeys: passkeysOf(environment),
      configure: (service, region) => ({ ...defined({ profile }), ...awsConnection(service, region, host) }),
      onCall: progress.called,
      onVerified: progress.verified,
    });
  } finally {
    progress.end();
  }
}

/** Verifies passkeys in the same way as `leasehold audit`. */
export function passkeysOf(environment: Environment): VerifyPasskeys {
  return async (people, read) => {
    const received = await readPeopleRecords(people, async (person) => ({ person, events: await read(person) }));
    const { keys, broken } = await verifyKeys([...received.values()], environmentKey(environment));
    const live = [...keys.values()].filter(({ removedAt }) => removedAt === undefined);
    return { broken, owners: [...new Set(live.map(({ person }) => person))].sort() };
  };
}

/** Verifies this machine for an agent that runs on it and uses the key with the given access key id. */
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

/** Shows the number of calls and verifications so far on a line of stderr. */
function doctorProgress(host: Host) {
  const line = progressLine(host);
  let calls = 0;
  let done = 0;
  const show = () =>
    line.update(() => `${done} of ${accountVerifications.length} verifications, ${calls} calls to AWS`);
  return {
    called: () => {
      calls += 1;
      show();
    },
    verified: () => {
      done += 1;
      show();
    },
    end: line.end,
  };
}
