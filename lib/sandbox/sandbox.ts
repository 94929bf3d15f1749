/** A running sandbox: what a test or a person needs of it. */
import { inspect } from 'node:util';
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

/** Name of the identity that sets things up; it may do anything. */
export const ADMINISTRATOR = 'leasehold-sandbox-administrator';

/** Seconds of a session that a platform hands to a workload. */
const PLATFORM_SESSION = 3600;

/** A lease to try. */
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
  /** How the names of the environment's roles begin. */
  readonly prefix: string;
  readonly stop: () => Promise<void>;
  /** The address from which requests are taken to come. */
  readonly sourceIp?: string;
}

/** A running sandbox. */
export class Sandbox {
  /** For example `http://127.0.0.1:40123`. */
  readonly url: string;
  readonly region: string;
  /** Its time, which tests may move. Signatures keep to the machine's. */
  readonly clock: Clock;
  /** Every call as an event of CloudTrail's form, with verdict and deciding statement. */
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

  /** Keys of an identity that may do anything, for setting things up. */
  get administrator(): Credentials {
    return this.#keysOf(this.#account(), ADMINISTRATOR);
  }

  /** What an AWS client reads from its environment to speak to the sandbox as the agent. */
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

  /** Address of an API of the option `apis`, by the name of its stage, without a slash at the end. */
  apiUrl(stage: string): string {
    return `${this.url}/${stage}`;
  }

  /** Long-term keys of any user. */
  keysOf(userName: string): Credentials {
    return this.#keysOf(this.#people.find(userName).account, userName);
  }

  /**
   * Somebody who speaks to the environment's broker: an approver, or a person of its principals.
   * @param name of their IAM user.
   */
  person(name: string): Person {
    return this.#people.person(name);
  }

  /**
   * Signs a person in, over the wire and with MFA: credentials of the role in which people of a kind speak to the broker.
   * @throws {SandboxError} in AWS's words when the role's trust policy refuses it.
   * @example
   * const approver = await sandbox.signIn('alice', 'approver');
   */
  signIn(name: string, kind: PersonKind): Promise<Credentials> {
    return this.#people.signIn(name, kind);
  }

  /** Enrols an MFA device on the agent's user, as an administrator would for an approver. */
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
   * Opens a role as the agent does, over the wire, with a code of a device made for this one lease.
   * @throws {SandboxError} in AWS's words when the trust policy or the agent's own policies refuse it.
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
   * What AWS would decide of one action on one resource, asked with somebody's credentials. Not for assuming roles, which
   * the trust policy decides too: {@link lease} tries that.
   * @param context the service's own condition keys, for example `{ 's3:prefix': '1.4.2/' }`.
   * @throws {SandboxError} for credentials that are not of this sandbox, or are over.
   */
  decide(credentials: Credentials, action: string, resource: string, context: Context = {}): Decision {
    const caller = this.#caller(credentials);
    const facts = { sourceIp: this.#sourceIp, region: this.region, headers: {}, now: this.clock.now() };
    const { decisions } = authorize(caller, [{ action, resource, context }], globalContext(caller, facts));
    const [decision] = decisions;
    if (!decision) throw new TypeError('an authorisation without a decision');
    return decision;
  }

  /** Whether {@link decide} says yes. */
  may(credentials: Credentials, action: string, resource: string, context: Context = {}): boolean {
    return this.decide(credentials, action, resource, context).outcome === 'allowed';
  }

  /**
   * Every action of the resource's service that credentials may do on it, in alphabetical order: what a test pins, so that
   * it fails when somebody widens a role and when somebody breaks it.
   * @param resource an ARN, for example `arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js`.
   * @throws {SandboxError} for what is no ARN of a service that AWS lists, and as {@link decide} does.
   */
  async actions(credentials: Credentials, resource: string, context: Context = {}): Promise<readonly string[]> {
    const service = parseArn(resource)?.service ?? '';
    const catalogue = await loadCatalogue([service]);
    if (!catalogue.hasService(service)) {
      throw new SandboxError(`${resource} is no ARN of a service of AWS`, 'Name one resource, by its whole ARN.');
    }
    return catalogue
      .expand(`${service}:*`)
      .filter((action) => catalogue.acceptsResource(action, resource))
      .map(({ id }) => id)
      .filter((id) => this.may(credentials, id, resource, context))
      .sort();
  }

  /** A token of an OIDC provider that some identity trusts, for AssumeRoleWithWebIdentity. */
  webIdentityToken(request: TokenRequest): string {
    return this.#cloud.issuer.token(request, this.clock.now());
  }

  /** The public keys of the OIDC providers, as a JSON Web Key Set. */
  get jwks(): { readonly keys: readonly object[] } {
    return this.#cloud.issuer.jwks();
  }

  /**
   * Credentials of an agent's base role, or of the broker's, as EC2, ECS, Lambda or another platform hands them to the
   * workload itself. Not of a purpose role: those open by AssumeRole alone.
   */
  platformCredentials(roleName: string, sessionName = 'workload'): Credentials {
    for (const account of this.#cloud.accounts.values()) {
      const role = account.roles.get(roleName);
      if (!role) continue;
      if (role.path.startsWith('/leasehold/')) {
        throw new SandboxError(`${roleName} is a purpose role`, 'Assume it: no platform hands out its credentials.');
      }
      if (role.path === PEOPLE_PATH) throw new SandboxError(`${roleName} is a role of people`, 'Use `signIn`.');
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
    throw new SandboxError(`There is no role ${roleName}`, 'Name a base role of the definitions.');
  }

  /** Ends the server and every connection to it. */
  stop(): Promise<void> {
    return this.#stop();
  }

  /** What may be shown. */
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
      'Take its credentials from platformCredentials or webIdentityToken.',
    );
  }

  /** A role by its whole name, or by its name in the definitions. */
  #role(name: string): Role {
    const { account } = this.#agent();
    const role = account.roles.get(`${this.#prefix}${name}`) ?? account.roles.get(name);
    if (role) return role;
    throw new SandboxError(`There is no role ${name}`, 'Name a role of the definitions.');
  }

  #caller({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Caller {
    const token = sessionToken === undefined ? {} : { sessionToken };
    try {
      const { caller, secret } = claimedCaller({ accessKeyId, ...token }, this.#cloud);
      if (secret === secretAccessKey) return caller;
    } catch (cause) {
      if (!(cause instanceof AuthRefusal)) throw cause;
      throw new SandboxError(`These credentials are of no use: ${cause.fault}`, 'Take a new lease.', { cause });
    }
    throw new SandboxError('These credentials are of no use: wrong-secret', 'Take a new lease.');
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
