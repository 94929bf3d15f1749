/**
 * The steps of `release.yml`, with the broker and AWS on this machine: first with the OIDC token of the environment
 * `release`, then with that of a pull request. The sandbox is the issuer of both.
 */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { parse } from 'yaml';
import { printCalls, root, run } from '../../support/on-the-sandbox.mjs';
import { withABroker } from '../../support/with-a-broker.mjs';

const { jobs } = parse(readFileSync(join(root, 'examples', 'workloads', 'github-actions', 'release.yml'), 'utf8'));
const { steps, environment } = jobs.upload;
const values = {
  'inputs.release': '1.4.2',
  'vars.LEASEHOLD_AGENT_ROLE': 'arn:aws:iam::123456789012:role/agents/shop-dev-pipeline',
};
const evaluated = (text) => text.replaceAll(/\$\{\{ ([\w.]+) \}\}/g, (_, name) => values[name]);

await withABroker(async ({ dev, env, folder }) => {
  // What the first two steps leave: a checkout with a build, and Leasehold.
  mkdirSync(join(folder, 'build'));
  writeFileSync(join(folder, 'build', 'app.js'), 'export {};\n');
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const subject of [`environment:${environment}`, 'pull_request']) {
    process.stdout.write(`\n${subject}\n`);
    const github = { ...env, GITHUB_RUN_ID: '8123456789', GITHUB_REPOSITORY: 'example/shop' };
    for (const step of steps) {
      if (step.uses?.startsWith('aws-actions/configure-aws-credentials@')) {
        const session = await sessionOf(
          dev.sandbox,
          `repo:example/shop:${subject}`,
          evaluated(step.with['role-to-assume']),
        );
        printCalls(dev.sandbox);
        if (session === undefined) break;
        Object.assign(github, session);
      } else if (step.run && step.run !== 'npm ci') {
        const given = Object.entries(step.env).map(([name, value]) => [name, evaluated(value)]);
        await run('bash', ['-e', '-c', step.run], { ...github, ...Object.fromEntries(given) }, folder);
        printCalls(dev.sandbox);
      }
    }
  }
});

/** What the action does: exchanges the token for a session of the role, and sets its variables. */
async function sessionOf(sandbox, subject, RoleArn) {
  const sts = new STSClient({ endpoint: sandbox.url, region: sandbox.region });
  const WebIdentityToken = sandbox.webIdentityToken({ issuer: 'token.actions.githubusercontent.com', subject });
  const exchange = new AssumeRoleWithWebIdentityCommand({
    RoleArn,
    RoleSessionName: 'GitHubActions',
    WebIdentityToken,
  });
  try {
    const { Credentials } = await sts.send(exchange);
    return {
      AWS_ACCESS_KEY_ID: Credentials.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: Credentials.SecretAccessKey,
      AWS_SESSION_TOKEN: Credentials.SessionToken,
    };
  } catch ({ name }) {
    process.stdout.write(`no session: ${name}\n`);
  }
}
