/**
 * What a lease costs `leasehold dev` of memory, and that it does not grow without bound:
 *
 *     node --expose-gc --import tsx --conditions=@leasehold/source bench/dev-memory.ts [leases] [step]
 *
 * Asks for leases that nobody has to approve, and prints the heap after each step, with everything that could be collected.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBrokerClient } from '@leasehold/runtime/broker';
import { startDev } from 'leasehold/dev';

const PROJECT = `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { assistant: { identity: { type: iam-user } } }
---
kind: Broker
budgets: { requests: { limit: 100, window: 1m } }
---
kind: Role
name: upload
purpose: Upload build artefacts under one release of the deploy bucket.
access: write
gate: broker
approval: { humans: 0 }
eligible: { agents: [assistant] }
allow:
  - actions: [s3:PutObject]
    resources: ["arn:\${env.partition}:s3:::shop-deploy/*"]
`;

/** Leases of a minute's budget. */
const IN_A_MINUTE = 50;

async function main(leases: number, step: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-dev-memory-'));
  writeFileSync(join(folder, 'project.yaml'), PROJECT);
  const dev = await startDev({ source: { paths: folder } });
  const broker = createBrokerClient({ ...dev.broker, credentials: async () => dev.agent() });
  try {
    let before = heap();
    for (let done = 1; done <= leases; done += 1) {
      await broker.request({ role: 'upload', reason: 'Upload build 1.4.2 for OPS-481' });
      if (done % IN_A_MINUTE === 0) dev.sandbox.clock.advance(60);
      if (done % step !== 0) continue;
      await dev.sweep();
      const now = heap();
      process.stdout.write(
        `${done} leases: ${(now / 1e6).toFixed(1)} MB, ${((now - before) / step / 1000).toFixed(1)} kB a lease since\n`,
      );
      before = now;
    }
  } finally {
    await dev.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function heap(): number {
  if (gc === undefined) throw new Error('Start it with --expose-gc.');
  gc();
  return process.memoryUsage().heapUsed;
}

void main(Number(process.argv[2] ?? 8000), Number(process.argv[3] ?? 1000));
