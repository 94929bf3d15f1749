/**
 * A sandbox in a process of its own, so that its processor time and memory are its alone. Run as
 * `node --expose-gc sandbox-server.js <module> <roles> [<backing>]` with a channel to the parent: it tells when it serves, and
 * answers each question.
 */
import { defined } from '@leasehold/contract/defined';
import type { Sandbox, startSandbox } from '@leasehold/sandbox';

/** MFA devices of the agent's user: as many as AWS lets a user have. */
const DEVICES = 8;

/** What the parent may ask. */
export type Question =
  /** Credentials of a lease of `s3-deploy` for release 1.4.2. */
  | 'lease'
  /** The code of each device, after half a minute of the sandbox's time. */
  | 'codes'
  /** Seconds of processor time since the start. */
  | 'processor-time'
  /** MB of heap after a collection, the log of calls emptied. */
  | 'heap';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface Code {
  readonly serialNumber: string;
  readonly code: string;
}

/** What the child says first. */
export interface Ready {
  readonly url: string;
  readonly region: string;
  readonly agent: Keys;
  readonly userArn: string;
  readonly administrator: Keys;
}

async function main(): Promise<void> {
  const [path = '', roles = '', backing] = process.argv.slice(2);
  const module: { readonly startSandbox: typeof startSandbox } = require(path);
  const sandbox = await module.startSandbox({
    source: { paths: roles },
    ...defined({ backing }),
  });
  const devices = Array.from({ length: DEVICES }, (_, index) => sandbox.enrolMfaDevice(`bench-${index}`));
  process.on('message', (question: Question) => {
    void answer(question, sandbox, devices).then((value) => process.send?.(value));
  });
  process.on('disconnect', () => process.exit());
  const ready: Ready = {
    url: sandbox.url,
    region: sandbox.region,
    agent: plain(sandbox.keys),
    userArn: sandbox.userArn,
    administrator: plain(sandbox.administrator),
  };
  process.send?.(ready);
}

async function answer(
  question: Question,
  sandbox: Sandbox,
  devices: readonly ReturnType<Sandbox['enrolMfaDevice']>[],
): Promise<Keys | readonly Code[] | number> {
  switch (question) {
    case 'lease':
      return plain(await sandbox.lease('s3-deploy', { parameters: { release: '1.4.2' } }));
    case 'codes':
      sandbox.clock.advance(30);
      return devices.map(({ serialNumber, code }) => ({ serialNumber, code: code() }));
    case 'processor-time': {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    }
    case 'heap':
      sandbox.log.clear();
      globalThis.gc?.();
      return process.memoryUsage().heapUsed / 2 ** 20;
  }
}

/** Credentials show no secret when they are written; the parent needs it. */
function plain({ accessKeyId, secretAccessKey, sessionToken }: Keys): Keys {
  return { accessKeyId, secretAccessKey, ...defined({ sessionToken }) };
}

void main();
