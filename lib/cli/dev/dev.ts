/** A broker that runs on a laptop: what a test, an agent and people need of it. */
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

/** @internal */
export interface DevParts {
  readonly environment: Environment;
  readonly sandbox: Sandbox;
  readonly sweep: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** A running broker. */
export class Dev {
  readonly environment: Environment;
  /** AWS, as everybody here sees it: its clock, its log, its people. */
  readonly sandbox: Sandbox;
  /** Where the broker answers, and the region to sign for. */
  readonly broker: { readonly url: string; readonly region: string };
  readonly #sweep: () => Promise<void>;
  readonly #stop: () => Promise<void>;

  constructor({ environment, sandbox, sweep, stop }: DevParts) {
    this.environment = environment;
    this.sandbox = sandbox;
    this.broker = { url: sandbox.apiUrl(brokerStage(environment)), region: environment.region };
    this.#sweep = sweep;
    this.#stop = stop;
  }

  /** What the stack's output `leasehold` would be. Nothing in it is secret. */
  get manifest(): DeployedManifest {
    return manifest(this.environment, this.broker.url);
  }

  /** Who speaks to the broker, by kind. */
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
   * The agent whose keys are the most use: the first that the broker opens a role for without the token of a signed-in
   * user; else the first that it opens any role for; else the first.
   */
  get agentName(): string | undefined {
    const { agents, roles } = this.environment;
    const opens = (name: string, alone: boolean) =>
      roles.some(
        ({ broker, parameters }) =>
          broker?.eligible.agents.includes(name) === true &&
          !(alone && parameters.some(({ from }) => from?.startsWith('subject.'))),
      );
    // What an existing role of yours may do is not in the definitions, so that it can do nothing here.
    const own = agents.filter(({ identity }) => identity.type !== 'existing-role');
    const found = own.find(({ name }) => opens(name, true)) ?? own.find(({ name }) => opens(name, false)) ?? agents[0];
    return found?.name;
  }

  /**
   * Credentials of an agent's base identity: a user's keys, or what its platform hands to a workload, for an hour.
   * @param name @default {@link agentName}
   * @throws {SandboxError} where there is no such agent.
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

  /** What an AWS client, and the runtime, read from their environment to speak here as somebody. */
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

  /** Does at once what is done every minute: denies whose leases have ended are taken away. */
  sweep(): Promise<void> {
    return this.#sweep();
  }

  /** Ends everything. Nothing of it is kept. */
  stop(): Promise<void> {
    return this.#stop();
  }

  /** What may be shown. */
  toJSON(): { readonly url: string; readonly region: string } {
    return this.broker;
  }

  [inspect.custom](): string {
    return `Dev ${this.broker.url}`;
  }
}
