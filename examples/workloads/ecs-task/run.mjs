/**
 * The two containers of `task-definition.json` as two processes, with the broker and AWS on this machine. Both get the
 * credentials of the task role from an endpoint, as in ECS, and share the loopback interface and a folder.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { printCalls, root, run } from '../../support/on-the-sandbox.mjs';
import { withABroker } from '../../support/with-a-broker.mjs';

const file = join(root, 'examples', 'workloads', 'ecs-task', 'task-definition.json');

await withABroker(async ({ dev, env, folder }) => {
  mkdirSync(join(folder, 'leasehold'), { mode: 0o700 });
  // Where the volume and the files of the images are on this machine.
  const places = {
    '/srv/leasehold.json': env.LEASEHOLD_MANIFEST,
    '/srv/agent.py': join(root, 'examples', 'python-agent', 'agent.py'),
    '/leasehold': join(folder, 'leasehold'),
  };
  const text = readFileSync(file, 'utf8').replaceAll(
    /\/srv\/[\w.]+|\/leasehold(?=[/" ])/g,
    (path) => places[path] ?? path,
  );
  const [sidecar, agent] = JSON.parse(text).containerDefinitions;
  const endpoint = await taskCredentials(dev.agent('task'));
  const { LEASEHOLD_MANIFEST: _, ...machine } = env;
  const environmentOf = ({ environment }) => ({
    ...machine,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${endpoint.address().port}/v2/credentials/task`,
    ...Object.fromEntries(environment.map(({ name, value }) => [name, value])),
  });

  const [shell, ...args] = sidecar.command;
  const proxy = spawn(shell, args, {
    env: environmentOf(sidecar),
    cwd: folder,
    stdio: ['ignore', 'inherit', 'ignore'],
  });
  const ended = once(proxy, 'close');
  try {
    await healthy(sidecar, proxy, folder);
    const [program, ...given] = agent.command;
    await run(program, given, environmentOf(agent), folder);
  } finally {
    proxy.kill('SIGTERM');
    await ended;
    endpoint.close();
  }
  printCalls(dev.sandbox);
});

/** The endpoint of ECS for the credentials of the task role. */
async function taskCredentials({ accessKeyId, secretAccessKey, sessionToken }) {
  const answer = {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: new Date(Date.now() + 3_600_000).toISOString(),
  };
  const server = createServer((_, response) => response.end(JSON.stringify(answer)));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

/** Waits as `dependsOn` does: until the health check of the container succeeds. */
async function healthy({ healthCheck }, container, cwd) {
  const [, check] = healthCheck.command;
  while (container.exitCode === null) {
    const [code] = await once(spawn('sh', ['-c', `${check} 2>&-`], { cwd, stdio: 'ignore' }), 'close');
    if (code === 0) return;
    await setTimeout(200);
  }
  throw new Error(`the container of the proxy ended with ${container.exitCode}`);
}
