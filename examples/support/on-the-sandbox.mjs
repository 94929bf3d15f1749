/** What the examples share: AWS on this machine with the roles of this repository, and an approver who says yes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadDefinitions } from '@leasehold/definitions';
import { manifest } from '@leasehold/documents';
import { startSandbox } from '@leasehold/sandbox';

const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, '..', '..');

/**
 * Starts the sandbox, lets `work` use it, and ends it. `env` is what the agent would have on its machine: its own key, the
 * stack's `leasehold` output, and the way to its approver.
 */
export async function onTheSandbox(work) {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-example-'));
  const { definitions } = loadDefinitions(join(root, 'roles'));
  const sandbox = await startSandbox({ source: { definitions } });
  const device = sandbox.enrolMfaDevice('oncall');
  // A human would look at the question and type this code. Here somebody always says yes.
  const human = createServer((_, response) => {
    sandbox.clock.advance(30);
    response.end(`oncall ${device.code()}`);
  });
  await new Promise((resolve) => human.listen(0, '127.0.0.1', resolve));
  const file = join(folder, 'leasehold.json');
  writeFileSync(file, JSON.stringify(manifest(definitions.environments[0])));
  try {
    await work({
      folder,
      sandbox,
      env: {
        ...process.env,
        ...sandbox.env,
        AWS_EC2_METADATA_DISABLED: 'true',
        NO_PROXY: '127.0.0.1',
        no_proxy: '127.0.0.1',
        LEASEHOLD_MANIFEST: file,
        LEASEHOLD_APPROVE: `command:${process.execPath} ${join(here, 'approver.mjs')} http://127.0.0.1:${human.address().port}`,
      },
    });
  } finally {
    human.close();
    await sandbox.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a program to its end, with its output on this terminal. A bad end is this program's, too. */
export function run(command, args, env, cwd = root) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit', cwd });
    child.once('error', reject);
    child.once('close', (code) => {
      if (code !== 0) process.exitCode = 1;
      resolve(code);
    });
  });
}

/** Prints what AWS allowed and denied since the last time: sessions of roles, and calls under leases. */
export function printCalls({ log }) {
  for (const { eventName, eventSource, verdict, requestParameters } of log.events) {
    // A program asks who it is, calls the broker, and the broker keeps its records in tables.
    if (eventName === 'GetCallerIdentity' || /^(?:dynamodb|execute-api)\./.test(eventSource)) continue;
    const of = requestParameters.key ?? requestParameters.roleArn?.split('/').at(-1);
    process.stdout.write(`AWS: ${[verdict, eventName, of].filter(Boolean).join(' ')}\n`);
  }
  log.clear();
}
