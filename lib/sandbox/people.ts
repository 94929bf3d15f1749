/** The people who call a broker: their keys, their MFA devices, and their sign-in. */
import { PEOPLE_PATH, PERSON_KINDS, type PersonKind } from '@leasehold/documents';
import { MfaDevice } from './account/mfa-device';
import type { Account, User } from './account/model';
import { assumeRole } from './ask';
import type { Cloud } from './cloud';
import type { Credentials } from './credentials/credentials';
import { SandboxError } from './errors';

/** An MFA device that a test controls. */
export interface HeldDevice {
  readonly serialNumber: string;
  /**
   * The current code, according to the sandbox's clock. Each code can be used once; to get the next code, advance the
   * clock by 30 s.
   */
  readonly code: () => string;
}

/** A person who calls a broker. */
export interface Person {
  /** Name of the IAM user, which is also the session name of each of the user's sessions. */
  readonly name: string;
  readonly userArn: string;
  /** Long-term keys of the user. Without the MFA device, the keys cannot be used to assume a role. */
  readonly keys: Credentials;
  readonly device: HeldDevice;
}

/** The data that {@link People} needs. */
export interface PeopleParts {
  readonly cloud: Cloud;
  /** The sandbox's own address. */
  readonly endpoint: string;
  readonly region: string;
  /** Account of the environment, twelve digits. */
  readonly account: string;
  /** Prefix of the names of the environment's roles. */
  readonly prefix: string;
  readonly keysOf: (account: Account, userName: string) => Credentials;
}

/** Duration of a person's session, in seconds. */
const SIGN_IN_SECONDS = 3600;

/** The people of a sandbox. */
export class People {
  readonly #parts: PeopleParts;
  #devices = 0;

  constructor(parts: PeopleParts) {
    this.#parts = parts;
  }

  /**
   * Finds a user by name, first in the environment's account and then in any account.
   * @throws {SandboxError} if no user has this name.
   */
  find(name: string): { readonly account: Account; readonly user: User } {
    const { cloud, account: own } = this.#parts;
    const here = cloud.accounts.get(own);
    for (const account of [...(here ? [here] : []), ...cloud.accounts.values()]) {
      const user = account.users.get(name);
      if (user) return { account, user };
    }
    throw new SandboxError(`There is no user ${name}`, 'Use a user of the definitions.');
  }

  /** A person with a newly enrolled MFA device. */
  person(name: string): Person {
    const { account, user } = this.find(name);
    const device = this.#enrol(account, user, user.name);
    const code = () => device.code(this.#parts.cloud.clock.now());
    const keys = this.#parts.keysOf(account, name);
    return { name, userArn: user.arn, keys, device: { serialNumber: device.serialNumber, code } };
  }

  /**
   * Assumes, over HTTP, the role for one group of people, such as approvers. The session name is the user's name, and
   * the MFA code comes from a device that is created for this call.
   * @throws {SandboxError} with AWS's message if the trust policy denies it.
   */
  async signIn(name: string, kind: PersonKind): Promise<Credentials> {
    const { cloud, endpoint, region, keysOf } = this.#parts;
    const { account, user } = this.find(name);
    const roleArn = this.#role(kind);
    const device = this.#enrol(account, user, `${user.name}-once-${++this.#devices}`);
    try {
      const caller = { endpoint, region, credentials: keysOf(account, name) };
      const input = {
        RoleArn: roleArn,
        RoleSessionName: name,
        DurationSeconds: SIGN_IN_SECONDS,
        SerialNumber: device.serialNumber,
        TokenCode: device.code(cloud.clock.now()),
      };
      return await assumeRole(caller, input, `${name} cannot sign in as ${kind}`);
    } finally {
      account.devices.delete(device.serialNumber);
    }
  }

  #role(kind: PersonKind): string {
    const { cloud, account, prefix } = this.#parts;
    const roles = cloud.accounts.get(account)?.roles;
    const of = (each: PersonKind) => {
      const role = roles?.get(`${prefix}${each}`);
      return role?.path === PEOPLE_PATH ? role.arn : undefined;
    };
    const found = of(kind);
    if (found !== undefined) return found;
    const known = PERSON_KINDS.filter((each) => of(each) !== undefined);
    throw new SandboxError(
      `There is no role for ${kind}s`,
      known.length === 0 ? 'Define a broker, and people.' : `Sign in as one of: ${known.join(', ')}.`,
    );
  }

  #enrol(account: Account, user: User, name: string): MfaDevice {
    const serialNumber = account.arn(`mfa/${name}`);
    const device = account.devices.get(serialNumber) ?? new MfaDevice(serialNumber);
    device.user = user.name;
    device.enableDate ??= new Date(this.#parts.cloud.clock.now());
    account.devices.set(serialNumber, device);
    return device;
  }
}
