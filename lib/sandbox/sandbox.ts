/** AWS on a laptop: the server, and what a test or a person needs of it. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { MfaDevice } from './account/mfa-device';
import type { Account, User } from './account/model';
import { Clock } from './clock';
import { Cloud } from './cloud';
import type { Credentials } from './credentials/credentials';
import { SandboxError } from './errors';
import { Backing } from './forward';
import { Gateway } from './gateway';
import { load } from './load';
import { EventLog } from './log';
import { LogFile } from './log-file';
import type { SandboxOptions } from './options';
import { AuthorisingProxy } from './proxy';
import { SERVICE_MAPPINGS } from './services';
import type { TokenRequest } from './sts/issuer';
import type { Answer } from './wire/answer';

/** Name of the identity that sets things up; it may do anything. */
export const ADMINISTRATOR = 'leasehold-sandbox-administrator';

/** Seconds of a session that a platform hands to a workload. */
const PLATFORM_SESSION = 3600;

/** An MFA device that a test holds in its hand. */
export interface HeldDevice {
  readonly serialNumber: string;
  /** The code that it shows now, by the sandbox's clock. Each is good once: advance the clock by 30 s for the next. */
  readonly code: () => string;
}

/**
 * Starts a sandbox on the loopback interface.
 * @throws {SandboxError} when the definitions have errors, or a source cannot be read.
 * @example
 * const sandbox = await startSandbox({ source: { paths: 'roles' } });
 * const sts = new STSClient({ endpoint: sandbox.url, region: sandbox.region, credentials: sandbox.keys });
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const backing = options.backing === undefined ? undefined : new Backing(backingUrl(options.backing));
  const loaded = await load(options, backing);
  const user = chooseUser(loaded.accounts, loaded.prefix, options);
  for (const account of loaded.accounts) addAdministrator(account);
  const clock = new Clock();
  const cloud = new Cloud(loaded.accounts, clock);
  const log = new EventLog();
  const file = options.logFile === undefined ? undefined : new LogFile(options.logFile, log);
  const gateway = new Gateway({
    cloud,
    log,
    mappings: [...SERVICE_MAPPINGS, ...(options.mappings ?? [])],
    proxy: new AuthorisingProxy(backing),
    region: loaded.region,
    ...(options.sourceIp === undefined ? {} : { sourceIp: options.sourceIp }),
  });
  const server = serve(gateway);
  const port = await listen(server, options.port ?? 0);
  if (backing) backing.host = `127.0.0.1:${port}`;
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    backing?.close();
    await file?.close();
  };
  return new Sandbox({ port, region: loaded.region, cloud, log, user, stop });
}

/** @internal */
export interface SandboxParts {
  readonly port: number;
  readonly region: string;
  readonly cloud: Cloud;
  readonly log: EventLog;
  readonly user: { readonly account: Account; readonly user: User } | undefined;
  readonly stop: () => Promise<void>;
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

  constructor({ port, region, cloud, log, user, stop }: SandboxParts) {
    this.url = `http://127.0.0.1:${port}`;
    this.region = region;
    this.clock = cloud.clock;
    this.log = log;
    this.#cloud = cloud;
    this.#user = user;
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

  /** Long-term keys of any user. */
  keysOf(userName: string): Credentials {
    const account = [...this.#cloud.accounts.values()].find(({ users }) => users.has(userName));
    if (!account) throw new SandboxError(`There is no user ${userName}`, 'Name a user of the definitions.');
    return this.#keysOf(account, userName);
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

  #account(): Account {
    const [first] = this.#cloud.accounts.values();
    const account = this.#user?.account ?? first;
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

function serve(gateway: Gateway): Server {
  const server = createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 60_000 }, (message, response) => {
    void gateway.answer(message).then(({ status, headers, body }: Answer) => {
      response.writeHead(status, { ...headers, 'content-length': String(body.length) });
      response.end(message.method === 'HEAD' ? undefined : body);
    });
  });
  // A client that goes away in the middle, or does not speak HTTP, ends its connection and nothing else.
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return server;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new SandboxError(`Port ${port} of the loopback interface is not to be had`, 'Name another port, or none.', {
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function backingUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.pathname === '/') return url;
  throw new SandboxError(`${text} is no address of a backing server`, 'Give it as http://127.0.0.1:5000.');
}

function addAdministrator(account: Account): void {
  const arn = account.arn(`user/${ADMINISTRATOR}`);
  account.users.set(ADMINISTRATOR, {
    kind: 'user',
    name: ADMINISTRATOR,
    path: '/',
    arn,
    id: 'AIDALEASEHOLDSANDBOXA',
    createDate: new Date(),
    tags: {},
    inline: new Map(),
    attached: [`arn:${account.partition}:iam::aws:policy/AdministratorAccess`],
  });
}

function chooseUser(
  accounts: readonly Account[],
  prefix: string,
  { user: wanted }: SandboxOptions,
): SandboxParts['user'] {
  const users = accounts.flatMap((account) => [...account.users.values()].map((user) => ({ account, user })));
  const found =
    wanted === undefined
      ? users.find(({ user }) => user.path === '/agents/' && user.name.startsWith(prefix))
      : users.find(({ user }) => user.name === wanted);
  if (wanted !== undefined && !found)
    throw new SandboxError(`There is no user ${wanted}`, 'Name a user of the definitions.');
  return found;
}
