/** Units that are opened before they are read. */
import { setTimeout as wait } from 'node:timers/promises';
import { gather, type TrailUnit } from '@leasehold/usage';
import { readStream } from '../../../lib/usage/read/stream';
import { Unpacked } from '../../../lib/usage/read/unpack';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, anIssue, aUnit, chunksOf, trailFile } from '../support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });

/** Notes what happens to each unit. */
class Watched {
  readonly units: readonly TrailUnit[];
  readonly events: string[] = [];
  #open = 0;
  mostOpen = 0;

  /** @param delay milliseconds until the first byte of a unit arrives */
  constructor(files: readonly Buffer[], delay: (index: number) => number = () => 0) {
    this.units = files.map((bytes, index) => {
      const place = `${index}.json.gz`;
      const open = () => {
        this.events.push(`open ${index}`);
        this.#open += 1;
        this.mostOpen = Math.max(this.mostOpen, this.#open);
        return new Unpacked(this.#source(bytes, index, delay(index)));
      };
      return {
        ...aUnit(bytes, { place }),
        open,
        read: (reader, opened = open()) => {
          this.events.push(`read ${index}`);
          return readStream(opened, reader);
        },
      };
    });
  }

  get stillOpen(): number {
    return this.#open;
  }

  /** The number of units that stay open. A unit is closed soon after the result. */
  async stayingOpen(): Promise<number> {
    for (let turn = 0; turn < 200 && this.#open > 0; turn++) await wait(5);
    return this.#open;
  }

  async *#source(bytes: Buffer, index: number, delay: number): AsyncGenerator<Buffer> {
    try {
      await wait(delay);
      if (bytes.length === 0) throw Object.assign(new Error('the disk is gone'), { code: 'EIO' });
      yield* chunksOf(bytes, 64);
    } finally {
      this.#open -= 1;
      this.events.push(`close ${index}`);
    }
  }
}

const call = (number: number) =>
  aCall(role, 's3.PutObject', { requestParameters: { bucketName: 'hermes-dev-deploy', key: `${number}` } });
const files = Array.from({ length: 9 }, (_, index) =>
  trailFile([anIssue(role), ...Array.from({ length: 40 }, (_, number) => call(index * 30 + number))]),
);
const damaged = files.with(4, (files[4] ?? Buffer.alloc(0)).subarray(0, -20)).with(6, Buffer.alloc(0));

it.each<[what: string, files: readonly Buffer[]]>([
  ['of whole files', files],
  ['of files that are damaged, or that cannot be read', damaged],
])('finds the same %s, whichever is ready first', async (_, bytes) => {
  // Without `open`, nothing is opened ahead.
  const alone = await gather([environment], { units: new Watched(bytes).units.map(({ open: _, ...unit }) => unit) });
  const expected = bytes === files ? [] : ['broken-gzip', 'unopened'];
  expect(alone.problems.map(({ kind }) => kind)).toEqual(expected);
  for (const delay of [() => 0, (index: number) => 20 - 2 * index, (index: number) => (index % 2) * 10]) {
    const watched = new Watched(bytes, delay);
    const found = await gather([environment], { units: watched.units });
    expect([found.roles, found.coverage, found.problems]).toEqual([alone.roles, alone.coverage, alone.problems]);
    const read = watched.events.filter((each) => each.startsWith('read'));
    expect(read).toEqual(bytes.map((_, index) => `read ${index}`));
    expect(watched.stillOpen).toBe(0);
  }
});

it('opens a few units while another one is read, and not all of them', async () => {
  const watched = new Watched(files);
  await gather([environment], { units: watched.units });
  expect(watched.events.slice(0, 4)).toEqual(['open 1', 'open 2', 'open 3', 'open 0']);
  expect(watched.mostOpen).toBe(4);
});

it('does not open the units of other accounts', async () => {
  const { units, events } = new Watched(files);
  await gather([environment], {
    units: units.map((unit, index) => (index % 2 === 1 ? { ...unit, account: '999999999999' } : unit)),
  });
  expect(events.filter((each) => each.startsWith('open')).sort()).toEqual(
    [0, 2, 4, 6, 8].map((each) => `open ${each}`),
  );
});

it('closes what it opened when it stops, and when it fails', async () => {
  const stopped = new Watched(files);
  const stop = new AbortController();
  const found = await gather([environment], {
    units: stopped.units,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  expect([found.complete, stopped.events.filter((each) => each.startsWith('read'))]).toEqual([false, ['read 0']]);
  expect(stopped.events).toContain('open 1');
  expect(await stopped.stayingOpen()).toBe(0);
  const failed = new Watched(files);
  const defect = () => Promise.reject(new TypeError('a defect'));
  const units = failed.units.map((unit, index) => (index === 2 ? { ...unit, read: defect } : unit));
  await expect(gather([environment], { units })).rejects.toThrow('a defect');
  expect(failed.events).toContain('open 5');
  expect(await failed.stayingOpen()).toBe(0);
});
