/** Creates the identities of a run. */
import type { HeldKeys, Secrets } from '../aws/secrets';
import type { ProbeClock } from '../clock';
import { ConformanceError } from '../error';
import { STEP_SECONDS, TotpDevice } from '../totp-device';
import type { Administrator } from './administrator';
import { PROBE_PATH } from './definitions';
import type { Ledger } from './ledger';
import type { PlannedRole, PlannedUser, ProbePlan } from './plan';

/** Name of the inline policy of every probe identity. */
export const INLINE = 'probe';

/** The identities that were created. */
export interface Identities {
  readonly agent: HeldKeys;
  readonly operator: HeldKeys;
  readonly devices: readonly TotpDevice[];
}

export interface Tools {
  readonly administrator: Administrator;
  readonly ledger: Ledger;
  readonly secrets: Secrets;
  readonly clock: ProbeClock;
  readonly signal: AbortSignal;
}

/**
 * Creates all resources in the plan.
 * @throws ConformanceError; the ledger lists the resources that were created before the error
 */
export async function createIdentities(plan: ProbePlan, tools: Tools): Promise<Identities> {
  const { administrator, ledger, signal } = tools;
  for (const { name, document } of plan.policies) {
    ledger.intend('policy', name);
    const PolicyDocument = JSON.stringify(document);
    await administrator.call('CreatePolicy', { PolicyName: name, Path: PROBE_PATH, PolicyDocument }, signal);
  }
  const agent = await createUser(plan.agent, plan, tools);
  const operator = await createUser(plan.operator, plan, tools);
  for (const role of [plan.broker, ...plan.roles]) await createRole(role, plan, tools);
  const devices: TotpDevice[] = [];
  for (const name of plan.devices) devices.push(await createDevice(name, plan.agent.name, tools));
  return { agent, operator, devices };
}

function boundaryArn(name: string, { policies }: ProbePlan): string {
  const policy = policies.find((each) => each.name === name);
  if (policy === undefined) throw new TypeError(`there is no planned policy ${name}`);
  return policy.arn;
}

async function createUser(user: PlannedUser, plan: ProbePlan, tools: Tools): Promise<HeldKeys> {
  const { administrator, ledger, secrets, signal } = tools;
  const { name, policy, boundary } = user;
  ledger.intend('user', name);
  const PermissionsBoundary = boundaryArn(boundary, plan);
  await administrator.call('CreateUser', { UserName: name, Path: PROBE_PATH, PermissionsBoundary }, signal);
  const PolicyDocument = JSON.stringify(policy);
  await administrator.call('PutUserPolicy', { UserName: name, PolicyName: INLINE, PolicyDocument }, signal);
  const { AccessKey } = await administrator.call('CreateAccessKey', { UserName: name }, signal);
  const keys = secrets.keysIn(`the key of ${name}`, AccessKey);
  if (keys === undefined) throw incomplete('CreateAccessKey');
  return keys;
}

async function createRole(role: PlannedRole, plan: ProbePlan, tools: Tools): Promise<void> {
  const { administrator, ledger, signal } = tools;
  const { name, policy, boundary, trust, attached } = role;
  ledger.intend('role', name);
  await administrator.call(
    'CreateRole',
    {
      RoleName: name,
      Path: PROBE_PATH,
      PermissionsBoundary: boundaryArn(boundary, plan),
      AssumeRolePolicyDocument: JSON.stringify(trust),
    },
    signal,
  );
  const PolicyDocument = JSON.stringify(policy);
  await administrator.call('PutRolePolicy', { RoleName: name, PolicyName: INLINE, PolicyDocument }, signal);
  if (attached === undefined) return;
  await administrator.call('AttachRolePolicy', { RoleName: name, PolicyArn: attached }, signal);
}

async function createDevice(name: string, UserName: string, tools: Tools): Promise<TotpDevice> {
  const { administrator, ledger, secrets, signal } = tools;
  ledger.intend('device', name);
  const { VirtualMFADevice: made } = await administrator.call(
    'CreateVirtualMFADevice',
    { VirtualMFADeviceName: name, Path: PROBE_PATH },
    signal,
  );
  const { SerialNumber, Base32StringSeed: seed } = made ?? {};
  if (SerialNumber === undefined || seed === undefined) throw incomplete('CreateVirtualMFADevice');
  const device = new TotpDevice(SerialNumber, seed, secrets);
  await enable(device, UserName, tools);
  return device;
}

/**
 * Enables an MFA device with two consecutive codes. If a code expires while it is sent, IAM rejects it, and the call is
 * repeated.
 */
async function enable(device: TotpDevice, UserName: string, tools: Tools): Promise<void> {
  const { administrator, clock, signal } = tools;
  for (let attempt = 1; ; attempt++) {
    // The codes of the previous 30 seconds and of the current 30 seconds.
    const [AuthenticationCode1, AuthenticationCode2] = device.lastTwo(clock.now());
    const input = { UserName, SerialNumber: device.serialNumber, AuthenticationCode1, AuthenticationCode2 };
    try {
      await administrator.call('EnableMFADevice', input, signal);
      return;
    } catch (error) {
      const isWrong = error instanceof ConformanceError && /InvalidAuthenticationCode/.test(String(error.cause));
      if (!isWrong || attempt === MOST_ATTEMPTS) throw error;
      await clock.sleep(STEP_SECONDS * 1000, signal);
    }
  }
}

const MOST_ATTEMPTS = 3;

function incomplete(command: string): ConformanceError {
  return new ConformanceError('refused', `the answer to iam:${command} is incomplete`, 'Run the probes again.');
}
