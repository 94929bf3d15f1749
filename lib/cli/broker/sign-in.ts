/**
 * Signs a person in by assuming the role for the person's kind. People use this role to call the broker. The role's
 * trust policy requires MFA, and the user name as the session name. Credentials stay in memory. An MFA code is typed,
 * never shown and never stored. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */

import type { STSClient } from '@aws-sdk/client-sts';
import { visible } from '@leasehold/contract/text';
import type { PersonKind } from '@leasehold/documents';
import { type KeyIdentity, LeaseError } from '@leasehold/runtime';
import { UsageError } from '../exit';
import { processKeyboard } from '../keyboard';
import type { Shell } from '../shell';
import type { BrokerFlags, BrokerPlace } from './broker-location';
import { callerOf, stsOf } from './caller';
import type { Caller } from './known-caller';
import { type Asking, noPerson, noRole, signInRefusal, WrongCode } from './refusals';

/** A signed-in person. */
export interface SignedIn {
  /** Name of the IAM user, which is also the session name. */
  readonly name: string;
  readonly kind: PersonKind;
  readonly credentials: KeyIdentity | (() => Promise<KeyIdentity>);
}

/** Session duration in seconds: the minimum that AWS permits. A command makes only a few calls. */
const SESSION = 900;
/** Maximum number of codes that a person can try at a terminal. */
const MOST_CODES = 3;

/**
 * Signs in with the role of the requested kind, or of the first given kind for which the broker has a role.
 * @throws UsageError, LeaseError
 */
export async function signIn(
  place: BrokerPlace,
  kinds: readonly [PersonKind, ...PersonKind[]],
  flags: BrokerFlags,
  shell: Shell,
  signal: AbortSignal,
): Promise<SignedIn> {
  const sts = stsOf(place, flags.profile, shell.host.env);
  const caller = await callerOf(sts, signal);
  const { who } = caller;
  const wanted = flags.kind === undefined ? kinds : [flags.kind];
  const open = wanted.flatMap((kind) => {
    const role = place.roleOf(kind, caller);
    return role === undefined ? [] : [{ kind, role }];
  });
  const [first] = open;
  if (first === undefined) throw noRole(place, flags.kind ?? kinds[0]);
  if (who.is === 'session') {
    const own = open.find(({ role }) => isSessionOf(caller, role));
    if (own) return { name: who.name, kind: own.kind, credentials: () => sts.config.credentials() };
  }
  if (who.is !== 'user' || isAgent(caller, place)) throw noPerson({ ...first, caller, serial: undefined });
  const { name, session } = who;
  const serial = serialOf(flags.mfaSerial ?? (shell.host.env.LEASEHOLD_MFA_SERIAL || deviceOf(caller, name)));
  const asking = { ...first, caller, serial: session ? undefined : serial };
  const assume = (code?: string) => assumed(sts, name, asking, code, signal);
  return {
    name,
    kind: first.kind,
    credentials: session ? await assume() : await withCode(assume, name, serial, shell, signal),
  };
}

/** Asks for a code until AWS accepts the code. If the input is a pipe, only one code can be read. */
async function withCode(
  assume: (code: string) => Promise<KeyIdentity>,
  name: string,
  serial: string,
  { host }: Shell,
  signal: AbortSignal,
): Promise<KeyIdentity> {
  const keyboard = host.keyboard ?? processKeyboard();
  for (let left = keyboard.isTerminal ? MOST_CODES : 1; ; left -= 1) {
    host.err(`MFA code of ${visible(name)} (${visible(serial)}; hidden): `);
    const code = (await keyboard.secret(signal))?.trim();
    host.err('\n');
    if (code === undefined || code === '') {
      throw new LeaseError('aborted', 'no code was given', 'Start again, your device at hand.', true);
    }
    try {
      if (!/^\d{6}$/.test(code)) throw new WrongCode('a code is six digits');
      return await assume(code);
    } catch (error) {
      if (!(error instanceof WrongCode) || left === 1) throw error;
      host.err(`note: ${visible(error.message)}\n`);
    }
  }
}

async function assumed(
  sts: STSClient,
  name: string,
  asking: Asking,
  code: string | undefined,
  signal: AbortSignal,
): Promise<KeyIdentity> {
  const { AssumeRoleCommand } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  const command = new AssumeRoleCommand({
    RoleArn: asking.role,
    RoleSessionName: name,
    DurationSeconds: SESSION,
    ...(code === undefined ? {} : { SerialNumber: asking.serial, TokenCode: code }),
  });
  const { Credentials: issued } = await sts.send(command, { abortSignal: signal }).catch((error: unknown) => {
    throw signInRefusal(error, asking);
  });
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = issued ?? {};
  if (accessKeyId && secretAccessKey && sessionToken) return { accessKeyId, secretAccessKey, sessionToken };
  throw new LeaseError('unavailable', 'AWS answers a sign-in without credentials', 'Try again.', true);
}

function isSessionOf({ account, partition, who }: Caller, role: string): boolean {
  const name = role.slice(role.lastIndexOf('/') + 1);
  return who.is === 'session' && who.role === name && role.startsWith(`arn:${partition}:iam::${account}:role/`);
}

/** Whether the caller is an agent. A process that uses an agent's key must not ask a person for a code. */
function isAgent({ arn }: Caller, { manifest }: BrokerPlace): boolean {
  return Object.values(manifest?.agents ?? {}).some((agent) => agent.arn === arn);
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
function serialOf(text: string): string {
  if (/^[\w+=/:,.@-]{9,256}$/.test(text)) return text;
  throw new UsageError(`"${text}" is no MFA device`, {
    expected: 'its ARN, or the serial number on its back',
    hint: 'Specify the ARN of the MFA device, which IAM lists under your security credentials.',
  });
}

/** By default, an MFA device has the same name as its user. */
function deviceOf({ partition, account }: Caller, name: string): string {
  return `arn:${partition}:iam::${account}:mfa/${name}`;
}
