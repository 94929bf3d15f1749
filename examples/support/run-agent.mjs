/** Runs an agent of the examples on the sandbox: first its task, then what happens when its model is talked into more. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTheSandbox, printCalls, root, run } from './on-the-sandbox.mjs';

/** Runs `examples/<name>/agent.mjs` with both scripts. After each, prints what AWS allowed and denied. */
export async function runAgent(name) {
  const folder = join(root, 'examples', name);
  installOwnPackages(folder);
  await onTheSandbox(async ({ env, sandbox }) => {
    for (const script of ['task', 'astray']) {
      process.stdout.write(`\n${script}\n`);
      await run(process.execPath, [join(folder, 'agent.mjs'), script], env);
      printCalls(sandbox);
    }
  });
}

/** A framework that the repository itself does not install has a lock file in the folder of its example. */
function installOwnPackages(folder) {
  if (!existsSync(join(folder, 'package.json')) || existsSync(join(folder, 'node_modules', '.package-lock.json')))
    return;
  const { status } = spawnSync('npm', ['ci', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund'], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error(`npm could not install the packages of ${folder}: check the network`);
}
