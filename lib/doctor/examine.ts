/** Runs the verifications and collects their observations. */
import type { Environment } from '@leasehold/definitions';
import { Aws, type AwsOptions } from './aws/aws';
import { demandAccount } from './caller';
import type { Machine } from './here/machine';
import { accountVerifications, machineVerifications } from './list';
import { Live } from './live/live';
import { uncheckedBecause } from './unread';
import type {
  AccountContext,
  AccountVerification,
  Damage,
  DamageSeverity,
  MachineVerification,
  Observation,
  Part,
  Unchecked,
  Verification,
} from './verification';

/** The result of one verification. The value `ok` means that all data was read and no damage was found. */
export interface Verified {
  readonly id: string;
  readonly part: Part;
  readonly title: string;
  /**
   * The result of a verification. If a verification found damage and also could not read some data, the result is
   * `damaged`.
   */
  readonly result: 'ok' | 'damaged' | 'not checked' | 'skipped';
  readonly damages: readonly (Damage & { readonly severity: DamageSeverity })[];
  readonly unchecked: readonly Unchecked[];
}

/** The results of a run, in the order of the verifications. */
export interface Diagnosis {
  /** The examined object: an environment, or this machine. */
  readonly subject: string;
  readonly verified: readonly Verified[];
  /** Number of calls that were sent to AWS. */
  readonly calls: number;
}

export interface ExamineOptions extends Partial<AwsOptions> {
  /** @default the machine's clock */
  readonly now?: Date;
  /** SHA-256 of the broker's deployment package, in base64. */
  readonly brokerCode?: string | undefined;
  readonly verifyRecord?: AccountContext['verifyRecord'];
  readonly verifyPasskeys?: AccountContext['verifyPasskeys'];
  /** Ids of verifications to skip. */
  readonly skip?: readonly string[];
  /** Called when a verification ends. */
  readonly onVerified?: (verified: Verified) => void;
}

/**
 * Compares a live account with an environment in the definitions. Read-only.
 * @throws LeaseholdError if the credentials cannot be used, or belong to another account
 */
export async function examineAccount(environment: Environment, options: ExamineOptions = {}): Promise<Diagnosis> {
  let calls = 0;
  const aws = new Aws({
    region: environment.region,
    ...options,
    onCall: (call) => {
      calls += 1;
      options.onCall?.(call);
    },
  });
  await demandAccount(aws, environment);
  const context: AccountContext = {
    environment,
    live: new Live(aws),
    now: options.now ?? new Date(),
    brokerCode: options.brokerCode,
    verifyRecord: options.verifyRecord,
    verifyPasskeys: options.verifyPasskeys,
  };
  const applying = accountVerifications.filter(({ applies }) => applies?.(environment) !== false);
  const results = new Map<string, Verified>();
  for (const later of [false, true]) {
    const now = applying.filter(({ afterOthers = false }) => afterOthers === later);
    const verified = await Promise.all(
      now.map((verification) => verify(verification, () => verification.verify(context), environment.account, options)),
    );
    for (const each of verified) results.set(each.id, each);
  }
  const verified = applying.flatMap(({ id }) => results.get(id) ?? []);
  return { subject: `${environment.project}-${environment.name} in account ${environment.account}`, verified, calls };
}

/** Verifies the machine on which an agent runs. Read-only. */
export async function examineMachine(
  machine: Machine,
  options: Pick<ExamineOptions, 'skip' | 'onVerified'> = {},
): Promise<Diagnosis> {
  const verified = await Promise.all(
    machineVerifications.map((verification) =>
      verify(verification, () => verification.verify(machine), 'this machine', options),
    ),
  );
  return { subject: 'this machine', verified, calls: 0 };
}

async function verify(
  verification: AccountVerification | MachineVerification,
  observe: () => Promise<readonly Observation[]>,
  place: string,
  { skip, onVerified }: Pick<ExamineOptions, 'skip' | 'onVerified'>,
): Promise<Verified> {
  const observations = skip?.includes(verification.id)
    ? undefined
    : await observe().catch((error): readonly Observation[] => [uncheckedBecause(error, place)]);
  const verified = collected(verification, observations);
  onVerified?.(verified);
  return verified;
}

function collected(
  { id, part, title, severity }: Verification,
  observations: readonly Observation[] | undefined,
): Verified {
  const damages = (observations ?? [])
    .filter((each) => each.kind === 'damage')
    .map((damage) => ({ ...damage, severity: damage.severity ?? severity }));
  const unchecked = (observations ?? []).filter((each) => each.kind === 'unchecked');
  const result =
    observations === undefined
      ? 'skipped'
      : damages.length > 0
        ? 'damaged'
        : unchecked.length > 0
          ? 'not checked'
          : 'ok';
  return { id, part, title, result, damages, unchecked };
}
