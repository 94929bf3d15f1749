/** An approver with a device of the sandbox, for programs that ask through `--approve command:…`. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Sandbox } from '@leasehold/sandbox';

export interface Approver {
  /** Value of `--approve`. */
  readonly channel: string;
  /** How often they were asked. */
  readonly asked: () => number;
  /** From now on they answer nobody, until the function that is returned is called. */
  hold(): () => void;
  /** A code that was not used yet: the sandbox's clock goes on by a step. */
  readonly code: () => string;
  stop(): Promise<void>;
}

/** `oncall`, with a device on the agent's user. */
export async function startApprover(sandbox: Sandbox, folder: string): Promise<Approver> {
  const device = sandbox.enrolMfaDevice('oncall');
  let asked = 0;
  let free = Promise.resolve();
  const code = () => {
    sandbox.clock.advance(30);
    return device.code();
  };
  const server = createServer((_, response) => {
    asked += 1;
    void free.then(() => response.end(`oncall ${code()}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const program = join(folder, 'approver.mjs');
  writeFileSync(program, 'process.stdout.write(await (await fetch(process.argv[2])).text());\n');
  return {
    channel: `command:${process.execPath} ${program} http://127.0.0.1:${port}`,
    asked: () => asked,
    hold: () => {
      let release = () => {};
      free = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
    code,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
