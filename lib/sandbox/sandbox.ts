/** A running sandbox, with the operations that tests and people need. */

import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';
import { LEASE_ID_PREFIX, PEOPLE_PATH, type PersonKind } from '@leasehold/documents';
import { type Context, loadCatalogue, parseArn } from '@leasehold/policy';
import { MfaDevice } from './account/mfa-device';
import type { Account, Role, User } from './account/model';
import { askForLease } from './ask';
import { authorize, type Decision } from './authorize';
import type { Clock } from './clock';
import type { Cloud } from './cloud';
import { globalContext } from './context';
import { type Caller, claimedCaller } from './credentials/caller';
import type { Credentials } from './credentials/credentials';
import { SandboxError } from './errors';
import type { EventLog } from './log';
import { type HeldDevice, People, type Person } from './people';
import { AuthRefusal } from './sigv4/refusal';
import type { TokenRequest } from './sts/issuer';

/** Name of an identity with all permissions, for the setup of tests. */
export const ADMINISTRATOR = 'leasehold-sandbox-administrator';

/** Duration in seconds of a session that a platform provides to a workload. */
const PLATFORM_SESSION = 3600;

/** Options of a test lease. */
export interface LeaseOptions {
  /** Values of the role's parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** @default 'Trying the role in the sandbox' */
  readonly reason?: string;
  /** @default 900 */
  readonly seconds?: number;
}

/** @internal */
export interface SandboxParts {
  readonly port: number;
  readonly region: string;
  readonly cloud: Cloud;
  readonly log: EventLog;
  readonly user: { readonly account: Account; readonly user: User } | undefined;
  /** Account of the environment, twelve digits. */
  readonly account: string;
  /** Prefix of the names of the environment's roles. */
  readonly prefix: string;
  readonly stop: () => Promise<void>;
  /** The source address that is assumed for every request. */
  readonly sourceIp?: string;
}

/** A running sandbox. */
export class Sandbox {
  /** Address of the sandbox, for example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly region: string;
  /** The sandbox's clock, which tests can change. Signatures are checked against the machine's clock. */
  readonly clock: Clock;
  /** Every call as an event in CloudTrail's format, with the verdict and the statement that determined it. */
  readonly log: EventLog;
  readonly #cloud: Cloud;
  readonly #user: SandboxParts['user'];
  readonly #stop: () => Promise<void>;
  readonly #keys = new Map<string, Credentials>();
  readonly #people: People;
  readonly #environmentAccount: string;
  readonly #prefix: string;
  readonly #sourceIp: string;
  #leases = 0;

  constructor({ port, region, cloud, log, user, account, prefix, stop, sourceIp = '127.0.0.1' }: SandboxParts) {
    this.url = `http://127.0.0.1:${port}`;
    this.region = region;
    this.clock = cloud.clock;
    this.log = log;
    this.#cloud = cloud;
    this.#user = user;
    this.#environmentAccount = account;
    const keysOf = (whose: Account, name: string) => this.#keysOf(whose, name);
    this.#people = new People({ cloud, endpoint: this.url, region, account, prefix, keysOf });
    this.#prefix = prefix;
    this.#sourceIp = sourceIp;
    this.#stop = stop;
  }

  /** Long-term keys of the agent's user. */
  get keys(): Credentials {
    const { account, user } = this.#agent();
    return this.#keysOf(account, user.name);
  }

  /** ARN of the agent's user. */
  get userArn(): string {
    return this.#agent().user.arn;
  }

  /** Keys of an identity with all permissions, for the setup of tests. */
  get administrator(): Credentials {
    return this.#keysOf(this.#account(), ADMINISTRATOR);
  }

  /** Environment variables for an AWS client that calls the sandbox as the agent. */
  get env(): Readonly<Record<string, string>> {
    const { accessKeyId, secretAccessKey } = this.keys;
    return {
      AWS_ENDPOINT_URL: this.url,
      AWS_REGION: this.region,
      AWS_DEFAULT_REGION: this.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    };
  }

  /** Address, without a trailing slash, of the API in the option `apis` that has the given stage name. */
  apiUrl(stage: string): string {
    return `${this.url}/${stage}`;
  }

  /** Long-term keys of any user. */
  keysOf(userName: string): Credentials {
    return this.#keysOf(this.#people.find(userName).account, userName);
  }

  /**
   * A person who calls the environment's broker: an approver, or a person who is one of the broker's principals.
   * @param name the name of the person's IAM user.
   */
  person(name: string): Person {
    return this.#people.person(name);
  }

  /**
   * Signs a person in over HTTP with MFA, and returns credentials of the role in which people of that kind call the
   * broker.
   * @throws {SandboxError} with AWS's message if the role's trust policy denies it.
   * @example
   * const approver = await sandbox.signIn('alice', 'approver');
   */
  signIn(name: string, kind: PersonKind): Promise<Credentials> {
    return this.#people.signIn(name, kind);
  }

  /** Enrolls an MFA device for the agent's user, in the same way as an administrator enrolls one for an approver. */
  enrolMfaDevice(approver = 'approver'): HeldDevice {
    const { account, user } = this.#agent();
    const serialNumber = account.arn(`mfa/${user.name}-${approver}`);
    const device = account.devices.get(serialNumber) ?? new MfaDevice(serialNumber);
    device.user = user.name;
    device.enableDate = new Date(this.clock.now());
    account.devices.set(serialNumber, device);
    return { serialNumber, code: () => device.code(this.clock.now()) };
  }

  /**
   * Assumes a role over HTTP as the agent does, with a code of a device that is created for this lease.
   * @throws {SandboxError} with AWS's message if the trust policy or the agent's own policies deny it.
   * @example
   * const deploy = await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } });
   */
  async lease(roleName: string, options: LeaseOptions = {}): Promise<Credentials> {
    const { account, user } = this.#agent();
    const { parameters = {}, reason = 'Trying the role in the sandbox', seconds = 900 } = options;
    const role = this.#role(roleName);
    const id = `${LEASE_ID_PREFIX}${++this.#leases}`;
    const device = new MfaDevice(account.arn(`mfa/${user.name}-${id}`));
    device.user = user.name;
    account.devices.set(device.serialNumber, device);
    try {
      return await askForLease({
        endpoint: this.url,
        region: this.region,
        credentials: this.keys,
        userName: user.name,
        roleArn: role.arn,
        id,
        reason,
        parameters,
        seconds,
        mfa: { serialNumber: device.serialNumber, code: device.code(this.clock.now()) },
      });
    } finally {
      account.devices.delete(device.serialNumber);
    }
  }

  /**
   * AWS's decision on one action on one resource, for a caller with these credentials. Role assumption is not covered,
   * because it also depends on the trust policy; use {@link lease} for it.
   * @param context the service's own condition keys, for example `{ 's3:prefix': '1.4.2/' }`.
   * @throws {SandboxError} for credentials that this sandbox did not issue or that have expired.
   */
  decide(credentials: Credentials, action: string, resource: string, context: Context = {}): Decision {
    const caller = this.#caller(credentials);
    const facts = { sourceIp: this.#sourceIp, region: this.region, headers: {}, now: this.clock.now() };
    const { decisions } = authorize(caller, [{ action, resource, context }], globalContext(caller, facts));
    const [decision] = decisions;
    if (!decision) throw new TypeError('an authorization without a decision');
    return decision;
  }

  /** Whether {@link decide} allows the action. */
  may(credentials: Credentials, action: string, resource: string, context: Context = {}): boolean {
    return this.decide(credentials, action, resource, context).outcome === 'allowed';
  }

  /**
   * Every action of the resource's service that the credentials permit on it, in alphabetical order. A test that
   * compares this list fails if somebody widens or breaks a role.
   * @param resource an ARN, for example `arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js`.
   * @throws {SandboxError} if the text is not an ARN of a service that AWS lists, and the errors of {@link decide}.
   */
  async actions(credentials: Credentials, resource: string, context: Context = {}): Promise<readonly string[]> {
    const service = parseArn(resource)?.service ?? '';
    const catalogue = await loadCatalogue([service]);
    if (!catalogue.hasService(service)) {
      throw new SandboxError(`${resource} is not an ARN of an AWS service`, 'Pass the full ARN of one resource.');
    }
    return catalogue
      .expand(`${service}:*`)
      .filter((action) => catalogue.acceptsResource(action, resource))
      .map(({ id }) => id)
      .filter((id) => this.may(credentials, id, resource, context))
      .sort();
  }

  /** A token for AssumeRoleWithWebIdentity, issued by an OIDC provider that an identity trusts. */
  webIdentityToken(request: TokenRequest): string {
    return this.#cloud.issuer.token(request, this.clock.now());
  }

  /** The public keys of the OIDC providers, as a JSON Web Key Set. */
  get jwks(): { readonly keys: readonly object[] } {
    return this.#cloud.issuer.jwks();
  }

  /**
   * Credentials of an agent's base role or of the broker's role, as EC2, ECS, Lambda or another platform provides them
   * to the workload. A purpose role has no such credentials, because it can be assumed only with AssumeRole.
   */
  platformCredentials(roleName: string, sessionName = 'workload'): Credentials {
    for (const account of this.#cloud.accounts.values()) {
      const role = account.roles.get(roleName);
      if (!role) continue;
      if (role.path.startsWith('/leasehold/')) {
        throw new SandboxError(
          `${roleName} is a purpose role`,
          'Assume the role instead: EC2, ECS and Lambda do not provide credentials for a purpose role.',
        );
      }
      if (role.path === PEOPLE_PATH) throw new SandboxError(`${roleName} is a role for people`, 'Use `signIn`.');
      const issuedAt = Math.floor(this.clock.now() / 1000);
      return this.#cloud.sessions.issue({
        account: account.id,
        issuedAt,
        expiresAt: issuedAt + PLATFORM_SESSION,
        of: 'role',
        principalId: role.id,
        principalName: role.name,
        sessionName,
      });
    }
    throw new SandboxError(`There is no role ${roleName}`, 'Use a base role of the definitions.');
  }

  /** Stops the server and closes all connections. */
  stop(): Promise<void> {
    return this.#stop();
  }

  /** The fields that may be printed. */
  toJSON(): { readonly url: string; readonly region: string } {
    return { url: this.url, region: this.region };
  }

  [inspect.custom](): string {
    return `Sandbox ${this.url}`;
  }

  #agent(): { readonly account: Account; readonly user: User } {
    if (this.#user) return this.#user;
    throw new SandboxError(
      'No agent of the definitions is an IAM user',
      'Use platformCredentials or webIdentityToken to get credentials of an agent.',
    );
  }

  /** A role by its full name, or by its name in the definitions. */
  #role(name: string): Role {
    const { account } = this.#agent();
    const role = account.roles.get(`${this.#prefix}${name}`) ?? account.roles.get(name);
    if (role) return role;
    throw new SandboxError(`There is no role ${name}`, 'Use a role of the definitions.');
  }

  #caller({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Caller {
    const token = defined({ sessionToken });
    try {
      const { caller, secret } = claimedCaller({ accessKeyId, ...token }, this.#cloud);
      if (secret === secretAccessKey) return caller;
    } catch (cause) {
      if (!(cause instanceof AuthRefusal)) throw cause;
      throw new SandboxError(`These credentials are not valid: ${cause.fault}`, 'Request a new lease.', { cause });
    }
    throw new SandboxError('These credentials are not valid: wrong-secret', 'Request a new lease.');
  }

  #account(): Account {
    const account = this.#user?.account ?? this.#cloud.accounts.get(this.#environmentAccount);
    if (!account) throw new SandboxError('There is no account', 'Define an environment.');
    return account;
  }

  #keysOf(account: Account, userName: string): Credentials {
    const name = `${account.id}/${userName}`;
    const known = this.#keys.get(name) ?? this.#cloud.keys.create({ account: account.id, userName });
    this.#keys.set(name, known);
    return known;
  }
}
