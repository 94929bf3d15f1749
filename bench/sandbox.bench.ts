/**
 * What the sandbox costs. It runs in a process of its own, as installed; the load comes from here, over HTTP keep-alive.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMoto } from '../test/e2e/support/moto';
import { type Benchmark, type Measurement, median } from './benchmark';
import { compile, LEASEHOLD, ROOT } from './program';
import { assumeRole, createBucket, keysIn, put, Server, Wire } from './sandbox-load';
import type { Code, Keys } from './sandbox-server';

const AUTHORISATIONS = 10_000;
const ROUNDS = 7;
const SESSIONS = 100_000;
const PAIRS = 400;
const STARTS = 9;

export const benchmark: Benchmark = {
  title: 'Sandbox: as installed, in a process of its own, the reference project',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      compile(['bench/sandbox-server.ts'], folder);
      const program = join(folder, 'bench', 'sandbox-server.js');
      return [
        { name: 'start, until the address is printed', value: await startSeconds(), unit: 's', atMost: 0.5 },
        ...(await authorisations(program)),
        ...(await sessions(program)),
        ...(await besideMoto(program)),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** `leasehold sandbox`, whole process: from the start to the first line. */
async function startSeconds(): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn <= STARTS; turn += 1) {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, [LEASEHOLD, 'sandbox'], { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    if (turn > 0) times.push(Number(process.hrtime.bigint() - started) / 1e9);
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return median(times);
}

/** Calls of a lease, by turns allowed and denied, on sixteen connections. */
async function authorisations(program: string): Promise<readonly Measurement[]> {
  const server = await Server.start(program);
  const wire = new Wire(server.ready, 16);
  try {
    const lease = await server.ask<Keys>('lease');
    const calls = Array.from({ length: 2000 }, (_, index) => {
      const allowed = index % 2 === 0;
      const call = put(server.ready, lease, `${allowed ? '1.4.2' : '1.4.20'}/app-${index}.js`);
      return { ...wire.sign(call), expected: allowed ? 200 : 403 };
    });
    const all = async (count: number) => {
      let next = 0;
      const worker = async () => {
        for (let index = next++; index < count; index = next++) {
          const call = calls[index % calls.length];
          if (call) await wire.send(call, call.expected);
        }
      };
      await Promise.all(Array.from({ length: 16 }, worker));
    };
    await all(AUTHORISATIONS);
    const rates: { readonly busy: number; readonly clock: number }[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const used = await server.ask<number>('processor-time');
      const started = process.hrtime.bigint();
      await all(AUTHORISATIONS);
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const busy = (await server.ask<number>('processor-time')) - used;
      rates.push({ busy: AUTHORISATIONS / busy, clock: AUTHORISATIONS / seconds });
    }
    const [busy, clock] = [median(rates.map((rate) => rate.busy)), median(rates.map((rate) => rate.clock))];
    return [
      { name: 'authorisations, a second of processor time', value: busy, unit: '1/s', atLeast: 5000 },
      { name: 'authorisations, a second on the clock, load beside it', value: clock, unit: '1/s' },
    ];
  } finally {
    wire.close();
    await server.stop();
  }
}

/** Leases with MFA, one after the other, each used once. */
async function sessions(program: string): Promise<readonly Measurement[]> {
  const server = await Server.start(program);
  const wire = new Wire(server.ready, 1);
  try {
    const times: number[] = [];
    let made = 0;
    const make = async (count: number) => {
      for (const end = made + count; made < end; ) {
        for (const code of await server.ask<readonly Code[]>('codes')) {
          const call = wire.sign(assumeRole(server.ready, code, made++));
          const started = process.hrtime.bigint();
          const text = await wire.send(call, 200);
          times.push(Number(process.hrtime.bigint() - started) / 1e6);
          await wire.send(wire.sign(put(server.ready, keysIn(text), '1.4.2/app.js')), 200);
        }
      }
    };
    await make(SESSIONS / 20);
    const before = await server.ask<number>('heap');
    times.length = 0;
    await make(SESSIONS);
    const after = await server.ask<number>('heap');
    times.sort((a, b) => a - b);
    return [
      { name: 'AssumeRole with MFA, median', value: median(times), unit: 'ms' },
      { name: 'AssumeRole with MFA, 99th percentile', value: at(times, 0.99), unit: 'ms', atMost: 10 },
      { name: `heap grown by ${SESSIONS.toLocaleString('en')} sessions`, value: after - before, unit: 'MB', atMost: 1 },
    ];
  } finally {
    wire.close();
    await server.stop();
  }
}

/** The same calls of moto, by turns directly and through the sandbox. Without moto there is nothing to stand beside. */
async function besideMoto(program: string): Promise<readonly Measurement[]> {
  if (spawnSync('python3', ['-c', 'import moto.server, flask'], { stdio: 'ignore' }).status !== 0) return [];
  const moto = await startMoto();
  const server = await Server.start(program, moto.url);
  const { ready } = server;
  const wires = { alone: new Wire({ ...ready, url: moto.url }, 1), through: new Wire(ready, 1) };
  try {
    await wires.through.send(wires.through.sign(createBucket(ready)), 200);
    const lease = await server.ask<Keys>('lease');
    const times: Record<keyof typeof wires, number[]> = { alone: [], through: [] };
    for (let index = 0; index < PAIRS; index += 1) {
      const key = `1.4.2/app-${(index >> 1) % 20}.js`;
      const call = index % 2 === 0 ? put(ready, lease, key) : { ...put(ready, lease, key), method: 'GET', body: '' };
      for (const door of index % 4 < 2 ? (['alone', 'through'] as const) : (['through', 'alone'] as const)) {
        const signed = wires[door].sign(call);
        const started = process.hrtime.bigint();
        await wires[door].send(signed, 200);
        if (index >= PAIRS / 10) times[door].push(Number(process.hrtime.bigint() - started) / 1e6);
      }
    }
    const [alone, through] = [median(times.alone), median(times.through)];
    return [
      { name: 'S3 call of moto alone, median', value: alone, unit: 'ms' },
      { name: 'the same through the sandbox, median', value: through, unit: 'ms' },
      { name: 'latency that the sandbox adds, median', value: through - alone, unit: 'ms', atMost: 2 },
    ];
  } finally {
    wires.alone.close();
    wires.through.close();
    await server.stop();
    await moto.stop();
  }
}

function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
