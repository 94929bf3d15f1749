/**
 * What the sandbox costs. It runs in a process of its own, as installed; the load comes from here, over HTTP keep-alive. Beside it,
 * by turns, a bare HTTP server that only verifies signatures with the AWS SDK's own signer (`sigv4-server.ts`).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMoto } from '../test/e2e/support/moto';
import { type Benchmark, byTurns, clockMs, clockRatio, type Measurement, median, quantile, sized } from './benchmark';
import { compile, LEASEHOLD, ROOT } from './program';
import { assumeRole, createBucket, Floor, keysIn, put, Server, Wire } from './sandbox-load';
import type { Code, Keys } from './sandbox-server';

const AUTHORISATIONS = sized(10_000, 100);
const ROUNDS = sized(7, 1);
const SESSIONS = sized(100_000, 40);
const PAIRS = sized(400, 8);
const STARTS = sized(9, 1);
const CONNECTIONS = 16;

export const benchmark: Benchmark = {
  title:
    'Sandbox: as installed, in a process of its own, the reference project; beside a server that only verifies SigV4',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      compile(['bench/sandbox-server.ts', 'bench/sigv4-server.ts'], folder);
      const program = join(folder, 'bench', 'sandbox-server.js');
      const floor = join(folder, 'bench', 'sigv4-server.js');
      return [
        ...(await starts()),
        ...(await authorisations(program, floor)),
        ...(await sessions(program, floor)),
        ...(await besideMoto(program)),
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

const BARE = `const server = require('node:http').createServer((_, response) => response.end());
server.listen(0, '127.0.0.1', () => console.log('http://127.0.0.1:' + server.address().port));`;

/** `leasehold sandbox`, whole process, from the start to the first line; beside a bare HTTP server of Node. */
async function starts(): Promise<readonly Measurement[]> {
  const seconds = async (args: readonly string[]) => {
    const started = process.hrtime.bigint();
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    const took = Number(process.hrtime.bigint() - started) / 1e9;
    child.kill('SIGTERM');
    await once(child, 'exit');
    return took;
  };
  const times = await byTurns(
    { ours: () => seconds([LEASEHOLD, 'sandbox']), bare: () => seconds(['-e', BARE]) },
    { turns: STARTS },
  );
  return [
    { name: 'start, until the address is printed', value: median(times.ours), unit: 's' },
    { name: 'start of a bare HTTP server', value: median(times.bare), unit: 's' },
    {
      name: 'start, beside a bare HTTP server',
      value: clockRatio(times.ours, times.bare),
      unit: '×',
      atMost: 6,
    },
  ];
}

/** Calls of a lease, by turns allowed and denied, on sixteen connections; the same calls of the floor. */
async function authorisations(program: string, floorProgram: string): Promise<readonly Measurement[]> {
  const server = await Server.start(program);
  const floor = await Floor.start(floorProgram);
  const wires = {
    ours: new Wire(server.ready, CONNECTIONS),
    floor: new Wire({ ...server.ready, url: floor.url }, CONNECTIONS),
  };
  try {
    const lease = await server.ask<Keys>('lease');
    await floor.knows(lease);
    const forged = wires.floor.sign(put(server.ready, lease, '1.4.2/app.js'));
    await wires.floor.send({ ...forged, path: `${forged.path}x` }, 403);
    const load = (wire: Wire, denied: number) => {
      const calls = Array.from({ length: 2000 }, (_, index) => {
        const allowed = index % 2 === 0;
        const call = put(server.ready, lease, `${allowed ? '1.4.2' : '1.4.20'}/app-${index}.js`);
        return { ...wire.sign(call), expected: allowed ? 200 : denied };
      });
      return async () => {
        let next = 0;
        const worker = async () => {
          for (let index = next++; index < AUTHORISATIONS; index = next++) {
            const call = calls[index % calls.length];
            if (call) await wire.send(call, call.expected);
          }
        };
        await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      };
    };
    const busy = (used: () => Promise<number>, all: () => Promise<void>) => async () => {
      const before = await used();
      await all();
      return ((await used()) - before) / AUTHORISATIONS;
    };
    const times = await byTurns(
      {
        ours: busy(() => server.ask<number>('processor-time'), load(wires.ours, 403)),
        floor: busy(() => floor.processorTime(), load(wires.floor, 200)),
      },
      { turns: ROUNDS },
    );
    const [ours, bare] = [median(times.ours), median(times.floor)];
    return [
      { name: 'authorisations, a second of processor time', value: 1 / ours, unit: '1/s' },
      { name: 'signatures verified by the bare server, a second of its processor time', value: 1 / bare, unit: '1/s' },
      { name: 'an authorisation, beside a signature of the bare server', value: ours / bare, unit: '×', atMost: 4.6 },
    ];
  } finally {
    wires.ours.close();
    wires.floor.close();
    await server.stop();
    await floor.stop();
  }
}

/** Leases with MFA, one after the other, each used once; the same calls of the floor. */
async function sessions(program: string, floorProgram: string): Promise<readonly Measurement[]> {
  const server = await Server.start(program);
  const floor = await Floor.start(floorProgram);
  const [wire, bare] = [new Wire(server.ready, 1), new Wire({ ...server.ready, url: floor.url }, 1)];
  try {
    await floor.knows(server.ready.agent);
    const times: { readonly ours: number[]; readonly floor: number[] } = { ours: [], floor: [] };
    let made = 0;
    const make = async (count: number) => {
      for (const end = made + count; made < end; ) {
        for (const code of await server.ask<readonly Code[]>('codes')) {
          const call = assumeRole(server.ready, code, made++);
          const [signed, again] = [wire.sign(call), bare.sign(call)];
          let text = '';
          times.ours.push(
            await clockMs(async () => {
              text = await wire.send(signed, 200);
            }),
          );
          times.floor.push(await clockMs(() => bare.send(again, 200)));
          await wire.send(wire.sign(put(server.ready, keysIn(text), '1.4.2/app.js')), 200);
        }
      }
    };
    await make(SESSIONS / 20);
    const before = await server.ask<number>('heap');
    for (const each of Object.values(times)) each.length = 0;
    await make(SESSIONS);
    const after = await server.ask<number>('heap');
    return [
      { name: 'AssumeRole with MFA, median', value: median(times.ours), unit: 'ms' },
      { name: 'AssumeRole with MFA, 99th percentile', value: quantile(times.ours, 0.99), unit: 'ms' },
      { name: 'the same call of the bare server, median', value: median(times.floor), unit: 'ms' },
      {
        name: 'AssumeRole with MFA, beside the bare server',
        value: clockRatio(times.ours, times.floor),
        unit: '×',
        atMost: 4.4,
      },
      { name: `heap grown by ${SESSIONS.toLocaleString('en')} sessions`, value: after - before, unit: 'MB', atMost: 1 },
    ];
  } finally {
    wire.close();
    bare.close();
    await server.stop();
    await floor.stop();
  }
}

/** The same calls of moto, by turns directly and through the sandbox. */
async function besideMoto(program: string): Promise<readonly Measurement[]> {
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
      { name: 'latency that the sandbox adds, median', value: through - alone, unit: 'ms' },
      {
        name: 'an S3 call through the sandbox, beside moto alone',
        value: clockRatio(times.through, times.alone),
        unit: '×',
        atMost: 2.3,
      },
    ];
  } finally {
    wires.alone.close();
    wires.through.close();
    await server.stop();
    await moto.stop();
  }
}
