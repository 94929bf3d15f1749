/**
 * What a call of AWS takes through `leasehold proxy`: as installed, in a process of its own, before a server that answers as S3
 * does. Beside it, by turns, a bare reverse proxy of Node, which verifies and signs nothing and writes no log.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, byTurns, clockMs, clockRatio, type Measurement, median, quantile, sized } from './benchmark';
import { BUCKET, type Signed, Wire } from './sandbox-load';
import type { Keys } from './sandbox-server';

const CALLS = sized(3_000, 10);
const WARM_UP = sized(500, 2);
const ROUNDS = sized(15, 1);
const BATCH = sized(1_000, 20);
const MANY = sized(10_000, 40);
const LARGE_CALLS = sized(40, 2);
const CONNECTIONS = 16;
/** Bytes of the objects. */
const SMALL = 1_000;
const LARGE = 16_000_000;
/** A bare proxy accepts every key. */
const ANY_KEY: Keys = { accessKeyId: 'LEASEHOLDBENCH', secretAccessKey: 'none' };

export const benchmark: Benchmark = {
  title: 'A call of S3 through `leasehold proxy`, beside a bare reverse proxy',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    const aws = await Child.start('aws');
    const ours = await Child.start('leasehold', aws.url, join(folder, 'calls.jsonl'));
    const bare = await Child.start('bare', aws.url);
    try {
      return [
        ...(await latency(ours, bare)),
        ...(await throughput(ours, bare)),
        ...(await largeObjects(ours, bare)),
        await memory(ours),
      ];
    } finally {
      for (const child of [ours, bare, aws]) await child.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function latency(ours: Child, bare: Child): Promise<readonly Measurement[]> {
  const [proxied, passed] = [new Load(ours, 1), new Load(bare, 1)];
  const times = await byTurns(
    { ours: () => clockMs(() => proxied.get(SMALL)), bare: () => clockMs(() => passed.get(SMALL)) },
    { turns: CALLS, warmUp: WARM_UP },
  );
  for (const load of [proxied, passed]) load.close();
  return [
    { name: 'a call, median', value: median(times.ours), unit: 'ms' },
    { name: 'a call, 99th percentile', value: quantile(times.ours, 0.99), unit: 'ms' },
    { name: 'a call through the bare proxy, median', value: median(times.bare), unit: 'ms' },
    { name: 'added to the latency of the bare proxy', value: median(times.ours) - median(times.bare), unit: 'ms' },
    { name: 'a call, beside the bare proxy', value: clockRatio(times.ours, times.bare), unit: '×', atMost: 4 },
  ];
}

/** Calls on sixteen connections: what each takes on the clock, and of the proxy's processor time. */
async function throughput(ours: Child, bare: Child): Promise<readonly Measurement[]> {
  const loads = { ours: new Load(ours, CONNECTIONS), bare: new Load(bare, CONNECTIONS) };
  const busy: Record<keyof typeof loads, number[]> = { ours: [], bare: [] };
  const round = (name: keyof typeof loads, child: Child) => async () => {
    const before = await child.ask('processor-time');
    const milliseconds = await clockMs(() => loads[name].many(BATCH));
    busy[name].push(((await child.ask('processor-time')) - before) / BATCH);
    return milliseconds / BATCH;
  };
  const times = await byTurns({ ours: round('ours', ours), bare: round('bare', bare) }, { turns: ROUNDS });
  for (const load of Object.values(loads)) load.close();
  return [
    { name: 'calls on 16 connections', value: 1000 / median(times.ours), unit: '1/s' },
    { name: 'the same through the bare proxy', value: 1000 / median(times.bare), unit: '1/s' },
    { name: 'calls on 16 connections, beside the bare proxy', value: clockRatio(times.ours, times.bare), unit: '×' },
    { name: 'a call, processor time of the proxy', value: median(busy.ours) * 1000, unit: 'ms' },
    {
      name: 'a call, processor time beside the bare proxy',
      value: median(busy.ours) / median(busy.bare),
      unit: '×',
      atMost: 8,
    },
  ];
}

async function largeObjects(ours: Child, bare: Child): Promise<readonly Measurement[]> {
  const [proxied, passed] = [new Load(ours, 1), new Load(bare, 1)];
  const times = await byTurns(
    { ours: () => clockMs(() => proxied.get(LARGE)), bare: () => clockMs(() => passed.get(LARGE)) },
    { turns: LARGE_CALLS, warmUp: 1 },
  );
  for (const load of [proxied, passed]) load.close();
  return [
    { name: 'an object of 16 MB', value: LARGE / 1000 / median(times.ours), unit: 'MB/s' },
    {
      name: 'an object of 16 MB, beside the bare proxy',
      value: clockRatio(times.ours, times.bare),
      unit: '×',
      atMost: 2,
    },
  ];
}

async function memory(ours: Child): Promise<Measurement> {
  const load = new Load(ours, CONNECTIONS);
  await load.many(MANY / 20);
  const before = await ours.ask('heap');
  await load.many(MANY);
  const after = await ours.ask('heap');
  load.close();
  return { name: `heap grown by ${MANY.toLocaleString('en')} calls`, value: after - before, unit: 'MB', atMost: 1 };
}

/** A process of `proxy-server.cjs`. */
class Child {
  private constructor(
    readonly process: ChildProcess,
    readonly url: string,
    readonly keys: Keys,
  ) {}

  static async start(...args: readonly string[]): Promise<Child> {
    const child = fork(join(__dirname, 'proxy-server.cjs'), args, { execArgv: ['--expose-gc'] });
    const [{ url, ...keys }] = await once(child, 'message');
    return new Child(child, url, { ...ANY_KEY, ...keys });
  }

  async ask(question: 'processor-time' | 'heap'): Promise<number> {
    this.process.send(question);
    const [answer] = await once(this.process, 'message');
    return answer;
  }

  async stop(): Promise<void> {
    this.process.disconnect();
    await once(this.process, 'exit');
  }
}

/** Calls to one proxy. Each object's call is signed once, so that the load measures the proxy and not the signer. */
class Load {
  readonly #wire: Wire;
  readonly #signed: ReadonlyMap<number, Signed>;
  readonly #connections: number;

  constructor({ url, keys: credentials }: Child, connections: number) {
    const wire = new Wire({ url }, connections);
    const call = { region: 'ap-northeast-2', service: 's3', credentials, method: 'GET' };
    const signed = (bytes: number) => wire.sign({ ...call, path: `/${BUCKET}/1.4.2/app-${bytes}` });
    this.#signed = new Map([SMALL, LARGE].map((bytes) => [bytes, signed(bytes)]));
    this.#wire = wire;
    this.#connections = connections;
  }

  /** Reads one object. */
  async get(bytes: number): Promise<void> {
    const call = this.#signed.get(bytes);
    if (call === undefined) throw new RangeError(`there is no object of ${bytes} bytes`);
    const { length } = await this.#wire.send(call, 200);
    if (length !== bytes) throw new Error(`an object of ${bytes} bytes had ${length}`);
  }

  async many(count: number): Promise<void> {
    let next = 0;
    const worker = async () => {
      while (next++ < count) await this.get(SMALL);
    };
    await Promise.all(Array.from({ length: this.#connections }, worker));
  }

  close(): void {
    this.#wire.close();
  }
}
