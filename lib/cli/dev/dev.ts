/**
 * A broker that runs on a developer's machine, with all the data that tests, agents and people need to call the broker.
 */
import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import {
  agentName,
  brokerStage,
  type DeployedManifest,
  manifest,
  type PersonKind,
  people,
  personKinds,
} from '@leasehold/documents';
import { type Credentials, type Sandbox, SandboxError } from '@leasehold/sandbox';
import type { DevSignIn } from './sign-in';

/** @internal */
export interface DevParts {
  readonly environment: Environment;
  readonly sandbox: Sandbox;
  readonly signIn?: DevSignIn;
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A running broker. */
export class Dev {
  readonly environment: Environment;
  /** The local replacement for AWS, with its clock, log and people. */
  readonly sandbox: Sandbox;
  /** The broker's address, and the region for signing requests. */
  readonly broker: { readonly url: string; readonly region: string };
  /** How people sign in with a browser. Undefined if the definitions do not specify how people sign in. */
  readonly signIn: DevSignIn | undefined;
  readonly #sweep: () => Promise<void>;
  readonly #stop: () => Promise<void>;

  constructor({ environment, sandbox, signIn, sweep, stop }: DevParts) {
    this.environment = environment;
    this.sandbox = sandbox;
    this.broker = { url: sandbox.apiUrl(brokerStage(environment)), region: environment.region };
    this.signIn = signIn;
    this.#sweep = sweep;
    this.#stop = stop;
  }

  /** The equivalent of the stack output `leasehold`. It contains no secret. */
  get manifest(): DeployedManifest {
    return manifest(this.environment, this.broker.url, this.signIn?.console);
  }

  /** Names of the people who may call the broker, by kind. */
  get people(): Readonly<Partial<Record<PersonKind, readonly string[]>>> {
    const { environment } = this;
    return Object.fromEntries(
      personKinds(environment).map((kind) => [
        kind,
        people(kind, environment).map((arn) => arn.slice(arn.lastIndexOf('/') + 1)),
      ]),
    );
  }

  /**
   * The agent whose keys are most useful: the first agent to which the broker issues leases without the token of a
   * signed-in user; otherwise, the first agent to which the broker issues leases; otherwise, the first agent.
   */
  get agentName(): string | undefined {
    const { agents, roles } = this.environment;
    const opens = (name: string, alone: boolean) =>
      roles.some(
        ({ broker, parameters }) =>
          broker?.eligible.agents.includes(name) === true &&
          !(alone && parameters.some(({ from }) => from?.startsWith('subject.'))),
      );
    // The definitions do not contain the permissions of an existing role, so an agent with such a role has no
    // permissions here.
    const own = agents.filter(({ identity }) => identity.type !== 'existing-role');
    const found = own.find(({ name }) => opens(name, true)) ?? own.find(({ name }) => opens(name, false)) ?? agents[0];
    return found?.name;
  }

  /**
   * Credentials of an agent's base identity: the keys of a user, or the credentials that its platform gives to a
   * workload, valid for an hour.
   * @param name
   * @default {@link agentName}
   * @throws {SandboxError} if there is no such agent
   */
  agent(name?: string): Credentials {
    const { environment, sandbox } = this;
    const wanted = name ?? this.agentName;
    const agent = environment.agents.find((each) => each.name === wanted);
    if (!agent) throw new SandboxError(`There is no agent ${name ?? ''}`.trim(), 'Name an agent of the definitions.');
    const { identity } = agent;
    if (identity.type === 'iam-user') return sandbox.keysOf(agentName(agent, environment));
    const role =
      identity.type === 'existing-role'
        ? identity.roleArn.slice(identity.roleArn.lastIndexOf('/') + 1)
        : agentName(agent, environment);
    return sandbox.platformCredentials(role);
  }

  /** Environment variables that make an AWS client, and the runtime, call this broker with the given credentials. */
  env({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Readonly<Record<string, string>> {
    const { sandbox, broker } = this;
    return {
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_REGION: broker.region,
      AWS_DEFAULT_REGION: broker.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...defined({ AWS_SESSION_TOKEN: sessionToken }),
    };
  }

  /** Runs the once-a-minute sweep immediately: removes the deny statements for leases that have ended. */
  sweep(): Promise<void> {
    return this.#sweep();
  }

  /** Stops all servers. No state is kept. */
  stop(): Promise<void> {
    return this.#stop();
  }

  /** Only values that are not secret. */
  toJSON(): { readonly url: string; readonly region: string } {
    return this.broker;
  }

  [inspect.custom](): string {
    return `Dev ${this.broker.url}`;
  }
}
