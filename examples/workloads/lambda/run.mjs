/** The Lambda function, with the broker and AWS on this machine: for an event of its schedule, and for a forged one. */
import { join } from 'node:path';
import { printCalls, root, run } from '../../support/on-the-sandbox.mjs';
import { withABroker } from '../../support/with-a-broker.mjs';

const here = join(root, 'examples', 'workloads', 'lambda');

await withABroker(async ({ dev, env }) => {
  const { accessKeyId, secretAccessKey, sessionToken } = dev.agent('function');
  // The credentials of the execution role, in the variables in which Lambda gives them.
  const lambda = {
    ...env,
    AWS_LAMBDA_FUNCTION_NAME: 'shop-dev-report',
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  for (const time of ['2026-11-30T02:00:00Z', '*']) {
    const event = JSON.stringify({ id: '6a7e8feb-b491-4cf7-a9f1-bf3703467718', time });
    await run(process.execPath, [join(here, 'invoke.mjs'), join(here, 'handler.mjs'), event], lambda);
    printCalls(dev.sandbox);
  }
});
