/**
 * What a fetch of credentials from `leasehold serve` takes. The endpoint runs in a process of its own, as installed, and
 * holds one lease; beside it, in the same run, a bare HTTP server of Node that answers the same bytes and checks nothing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { type Benchmark, type Measurement, median } from './benchmark';

const FETCHES = 3_000;
const WARM_UP = 500;

interface Ready {
  readonly url: string;
  readonly authorization: string;
  readonly bare: string;
}

export const benchmark: Benchmark = {
  title: 'A fetch of credentials from `leasehold serve`: as installed, in a process of its own',
  run: async () => {
    const child = fork(join(__dirname, 'serve-server.cjs'), { execArgv: [] });
    try {
      const [ready]: Ready[] = await once(child, 'message');
      if (!ready) throw new Error('the endpoint did not start');
      // As SDKs do it: most open a connection for each fetch.
      const fresh = await beside(ready, () => new Agent({ keepAlive: false }));
      const kept = new Agent({ keepAlive: true, maxSockets: 1 });
      const alive = await beside(ready, () => kept);
      kept.destroy();
      return [...named('a connection each', fresh), ...named('one connection', alive)];
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  },
};

interface Times {
  readonly serve: number;
  readonly bare: number;
}

/** Median milliseconds of both, by turns, so that both meet the same machine. */
async function beside({ url, authorization, bare }: Ready, agentOf: () => Agent): Promise<Times> {
  const times: { readonly serve: number[]; readonly bare: number[] } = { serve: [], bare: [] };
  for (let turn = 0; turn < FETCHES + WARM_UP; turn += 1) {
    for (const [name, address] of [
      ['serve', url],
      ['bare', bare],
    ] as const) {
      const started = process.hrtime.bigint();
      await get(address, authorization, agentOf());
      if (turn >= WARM_UP) times[name].push(Number(process.hrtime.bigint() - started) / 1e6);
    }
  }
  return { serve: median(times.serve), bare: median(times.bare) };
}

function get(url: string, authorization: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { headers: { authorization }, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the endpoint answered ${response.statusCode}`));
      response.resume().once('end', resolve);
    });
    sent.once('error', reject);
    sent.end();
  });
}

function named(how: string, { serve, bare }: Times): readonly Measurement[] {
  return [
    { name: `${how}, median`, value: serve, unit: 'ms', atMost: 1 },
    { name: `${how}, a bare server`, value: bare, unit: 'ms' },
    { name: `${how}, times a bare server`, value: serve / bare, unit: '×' },
  ];
}
