/** The Python agent, on the sandbox: an endpoint is started, a lease asked for, and then the agent runs. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTheSandbox, root, run } from '../support/on-the-sandbox.mjs';

const leasehold = join(root, 'lib', 'cli', 'bin', 'leasehold.js');
const release = '1.4.2';

await onTheSandbox(async ({ env }) => {
  const serve = spawn(process.execPath, [leasehold, 'serve', 's3-deploy'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const agents = await environmentOf(serve, env);
    const reason = `Upload the build of release ${release} to the deploy bucket, as ticket OPS-481 asks`;
    const asked = ['request', 's3-deploy', '--reason', reason, '--param', `release=${release}`];
    if ((await run(process.execPath, [leasehold, ...asked], agents)) !== 0) return;
    const agent = join(root, 'examples', 'python-agent', 'agent.py');
    await run('python3', [agent, 'hermes-dev-deploy', release, 'other-release/app.js'], agents);
  } finally {
    serve.kill('SIGTERM');
    await new Promise((resolve) => serve.once('close', resolve));
  }
});

/** What `leasehold serve` prints for the environment of an agent, as a shell would take it in. */
async function environmentOf(serve, env) {
  let printed = '';
  for await (const chunk of serve.stdout) {
    printed += chunk;
    if (/^export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=.+\n/m.test(printed)) break;
  }
  const agents = { ...env };
  for (const [, names] of printed.matchAll(/^unset (.+)$/gm)) for (const name of names.split(' ')) delete agents[name];
  for (const [, line] of printed.matchAll(/^export (.+)$/gm)) {
    for (const [, name, value] of line.matchAll(/(\w+)=(\S+)/g)) agents[name] = value;
  }
  // The agent asks nobody by itself: what leads to the approver stays behind.
  for (const name of Object.keys(agents)) if (name.startsWith('LEASEHOLD_')) delete agents[name];
  return agents;
}
