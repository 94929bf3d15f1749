/** What the workloads share: the broker and AWS on this machine, with the roles of `examples/workloads/roles`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBrokerClient } from '@leasehold/runtime/broker';
import { startDev } from 'leasehold/dev';
import { root } from './on-the-sandbox.mjs';

/**
 * Starts the broker, lets `work` use it, and ends it. `env` is what each workload has beside its credentials: where AWS is,
 * and the stack's `leasehold` output.
 */
export async function withABroker(work) {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-workload-'));
  const manifest = join(folder, 'leasehold.json');
  const source = { paths: join(root, 'examples', 'workloads', 'roles') };
  const dev = await startDev({ source, onWaiting: (lease) => setImmediate(() => approve(dev, lease)) });
  writeFileSync(manifest, JSON.stringify(dev.manifest));
  const { url, region } = dev.sandbox;
  try {
    await work({
      dev,
      folder,
      env: {
        PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`,
        HOME: folder,
        AWS_ENDPOINT_URL: url,
        AWS_REGION: region,
        AWS_DEFAULT_REGION: region,
        AWS_EC2_METADATA_DISABLED: 'true',
        NO_PROXY: '127.0.0.1',
        no_proxy: '127.0.0.1',
        LEASEHOLD_MANIFEST: manifest,
        npm_config_update_notifier: 'false',
      },
    });
  } finally {
    await dev.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A human would look at the grant. Here somebody always approves. */
async function approve({ broker, sandbox }, id) {
  const lead = createBrokerClient({ ...broker, credentials: await sandbox.signIn('lead', 'approver') });
  const { grant } = await lead.status(id);
  await lead.approve(id, { hash: grant.hash });
  process.stdout.write(`lead approved ${grant.role} ${JSON.stringify(grant.parameters)}\n`);
}
