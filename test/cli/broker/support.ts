/**
 * The command line before a whole broker: its own handler behind an HTTP API of the sandbox, which checks signatures, the
 * policies of people's roles and MFA, over a world in memory.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerStage, manifest } from '@leasehold/documents';
import { type Person, type Sandbox, startSandbox } from '@leasehold/sandbox';
import type { ApiEvent as BrokerEvent } from '../../../lib/broker/http/event';
import type { Ports } from '../../../lib/broker/service/deps';
import type { Host } from '../../../lib/cli/host';
import type { Environment } from '../../../lib/definitions/model';
import { AGENT_ARN, aBank, aBrokerOver, REASON } from '../../broker/http/support';
import type { World } from '../../broker/memory';
import { definitions } from '../../support/environment';
import { leasehold, newFolder, type Ran } from '../support';

/** Somebody at a keyboard. */
export interface At {
  /** Lines that they type where it is shown; after them Ctrl-D. */
  readonly types?: readonly string[];
  /** Codes that they type; by default what their device shows. */
  readonly codes?: readonly (string | undefined)[];
  /** Columns of their terminal; undefined for a pipe. */
  readonly columns?: number;
  readonly keyboard?: Partial<NonNullable<Host['keyboard']>>;
  readonly env?: Readonly<Record<string, string>>;
}

/** A broker, its people, and what they type. */
export interface Office {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly folder: string;
  readonly url: string;
  readonly environment: Environment;
  /** Calls of the broker as a machine makes them. */
  readonly call: ReturnType<typeof aBrokerOver>['call'];
  /** Runs a command line as the IAM user of this name, with their device. */
  as(name: string, line: string | readonly string[], at?: At): Promise<Ran>;
  /** How often somebody was asked for a code. */
  asked(): number;
  stop(): Promise<void>;
}

export async function anOffice(environment: Environment = aBank(), ports: Partial<Ports> = {}): Promise<Office> {
  const { world, handler, call } = aBrokerOver(environment, ports);
  const stage = brokerStage(environment);
  const sandbox = await startSandbox({
    source: { definitions: definitions(environment) },
    apis: { [stage]: { handler: (event) => handler(event as BrokerEvent) } },
  });
  const folder = newFolder();
  const url = sandbox.apiUrl(stage);
  writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(environment, url)));
  const people = new Map<string, Person>();
  const before = { ...process.env };
  let asked = 0;
  const personOf = (name: string) => {
    const person = people.get(name) ?? sandbox.person(name);
    people.set(name, person);
    return person;
  };
  const as: Office['as'] = async (name, line, at = {}) => {
    const { types = [], codes, columns = 80, keyboard, env } = at;
    const { keys, device } = personOf(name);
    const typed = [...types];
    const shown = codes && [...codes];
    const nextCode = () => {
      // Each code is good once.
      sandbox.clock.advance(30);
      return device.code();
    };
    const own = {
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_REGION: sandbox.region,
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      HOME: folder,
      NO_COLOR: '1',
      ...env,
    };
    // The AWS SDK reads the process, not the host.
    process.env = { ...before, ...own };
    try {
      return await leasehold(line, {
        cwd: folder,
        env: { XDG_RUNTIME_DIR: folder, ...own },
        now: () => world.now,
        ...(columns > 0 ? { outColumns: columns, errColumns: columns } : {}),
        keyboard: {
          isTerminal: columns > 0,
          secret: async () => {
            asked += 1;
            return shown === undefined ? nextCode() : shown.shift();
          },
          line: async () => typed.shift(),
          ...keyboard,
        },
      });
    } finally {
      process.env = { ...before };
    }
  };
  return { sandbox, world, folder, url, environment, call, as, asked: () => asked, stop: () => sandbox.stop() };
}

/** The agent asks for release 1.4.2, which waits for two people. */
export async function aWaitingLease({ call }: Office, body: object = {}): Promise<string> {
  const { body: answer } = await call('request', {
    as: AGENT_ARN,
    body: { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: REASON, ...body },
  });
  return answer.lease.id;
}
