/** Decides whether a command acts as a person who signed in with `leasehold login`, or with an AWS identity. */
import { visible } from '@leasehold/contract/text';
import type { Login } from '@leasehold/serve/login';
import { type Command, Option } from 'commander';
import { UsageError } from '../exit';
import type { Shell } from '../shell';

/** The options that determine the command's identity. */
export interface IdentityFlags {
  readonly identity?: 'login' | 'aws';
  readonly profile?: string;
  readonly mfaSerial?: string;
  readonly agent?: string;
  readonly gate?: 'mfa' | 'broker';
}

/** Adds the option that selects the command's identity. */
export function identityOption(command: Command): Command {
  return command.addOption(
    new Option(
      '--identity <which>',
      'act as the person who signed in with `leasehold login`, or with an AWS identity; default: login if somebody is ' +
        'signed in and no other option names an AWS identity',
    ).choices(['login', 'aws']),
  );
}

/**
 * The login that a command uses.
 * @param broker Address of the broker. Undefined if there is none.
 * @returns undefined if the command uses an AWS identity
 * @throws UsageError if a login is demanded and nobody is signed in
 */
export async function loginFor(
  broker: string | undefined,
  flags: IdentityFlags,
  { host }: Shell,
): Promise<Login | undefined> {
  const { identity } = flags;
  if (identity === 'aws' || (identity === undefined && namesAws(flags))) return undefined;
  const login = broker === undefined || !hasUsers() ? undefined : await find(broker, host.env);
  if (login === undefined) {
    if (identity === undefined) return undefined;
    throw new UsageError(`nobody is signed in${broker === undefined ? '' : ` at ${broker}`}`, {
      hint: 'Sign in first: leasehold login.',
    });
  }
  if (host.errColumns !== undefined) {
    host.err(`note: as ${visible(login.name)}, who is signed in; --identity aws uses an AWS identity\n`);
  }
  return login;
}

/**
 * Whether the options name an AWS identity: a profile, an MFA device, an agent, or the `mfa` gate, which only agents
 * use.
 */
function namesAws({ profile, mfaSerial, agent, gate }: IdentityFlags): boolean {
  return profile !== undefined || mfaSerial !== undefined || agent !== undefined || gate === 'mfa';
}

/** Whether the system has Unix users. A socket can be restricted to one user only on systems with Unix users. */
function hasUsers(): boolean {
  return process.getuid !== undefined;
}

function find(broker: string, env: Shell['host']['env']): Promise<Login | undefined> {
  const { privateFolderPath } = require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  const { loginAt } = require('@leasehold/serve/login') as typeof import('@leasehold/serve/login');
  return loginAt(broker, privateFolderPath(env));
}
