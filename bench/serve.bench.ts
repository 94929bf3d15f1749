/**
 * What a fetch of credentials from `leasehold serve` takes. The endpoint runs in a process of its own, as installed, and
 * holds one lease; beside it, in the same run, a bare HTTP server of Node that answers the same bytes and checks nothing.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { type Benchmark, byTurns, clockMs, clockRatio, type Measurement, median, sized } from './benchmark';

const FETCHES = sized(3_000, 5);
const WARM_UP = sized(500, 1);

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
  readonly ratio: number;
}

/** Milliseconds of both, by turns, so that both meet the same machine. */
async function beside({ url, authorization, bare }: Ready, agentOf: () => Agent): Promise<Times> {
  const times = await byTurns(
    {
      serve: () => clockMs(() => get(url, authorization, agentOf())),
      bare: () => clockMs(() => get(bare, authorization, agentOf())),
    },
    { turns: FETCHES, warmUp: WARM_UP },
  );
  return { serve: median(times.serve), bare: median(times.bare), ratio: clockRatio(times.serve, times.bare) };
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

function named(how: string, { serve, bare, ratio }: Times): readonly Measurement[] {
  return [
    { name: `${how}, median`, value: serve, unit: 'ms' },
    { name: `${how}, a bare server`, value: bare, unit: 'ms' },
    { name: `${how}, times a bare server`, value: ratio, unit: '×', atMost: 2 },
  ];
}
