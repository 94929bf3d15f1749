/** `leasehold serve` as a process, and what it prints for the environment of an agent. */
import { spawn } from 'node:child_process';

export interface Serving {
  /** The agent's environment, as its shell would have it after taking in what was printed. */
  readonly env: Record<string, string>;
  stop(): Promise<number | null>;
}

/** Starts it; resolves when it has said where it serves. */
export async function startServing(
  bin: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Serving> {
  const child = spawn(process.execPath, [bin, 'serve', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk;
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      if (/^export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=.+\n/m.test(out)) resolve();
    });
    child.once('close', (code) => reject(new Error(`leasehold serve ended with ${code}\n${err}`)));
  });
  const agents: Record<string, string> = { ...env };
  for (const [, names = ''] of out.matchAll(/^unset (.+)$/gm)) for (const name of names.split(' ')) delete agents[name];
  for (const [, line = ''] of out.matchAll(/^export (.+)$/gm)) {
    for (const [, name = '', value = ''] of line.matchAll(/(\w+)=(\S+)/g)) agents[name] = value;
  }
  return {
    env: agents,
    stop: () => {
      child.kill('SIGTERM');
      return closed;
    },
  };
}
