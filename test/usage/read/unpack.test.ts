/** Bytes that are read and decompressed before they are needed. */
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Unpacked } from '../../../lib/usage/read/unpack';
import { chunksOf } from '../support/records';

const MEGABYTE = 1 << 20;
const large = Buffer.alloc(64 * MEGABYTE, 'record ');

it.each([
  ['compressed', gzipSync(large, { level: 1 })],
  ['plain', large],
])('reads only a part of a source that is %s, until the reader takes it', async (_, bytes) => {
  let read = 0;
  async function* source(): AsyncGenerator<Buffer> {
    for await (const chunk of chunksOf(bytes, bytes.length / 64)) {
      read += chunk.length;
      yield chunk;
    }
  }
  const unpacked = new Unpacked(source());
  await wait(100);
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(bytes.length / 4);
  let length = 0;
  for (let chunk = await unpacked.next(); chunk !== undefined; chunk = await unpacked.next()) length += chunk.length;
  expect([length, unpacked.broken]).toEqual([large.length, false]);
});

it('stops and closes the source when it is closed', async () => {
  let closed = false;
  async function* source(): AsyncGenerator<Buffer> {
    try {
      yield* chunksOf(gzipSync(large), 1000);
    } finally {
      closed = true;
    }
  }
  const unpacked = new Unpacked(source());
  await unpacked.next();
  await unpacked.close();
  expect(closed).toBe(true);
});

it('rejects after the chunks that were read, and only when it is read', async () => {
  async function* source(): AsyncGenerator<Buffer> {
    yield Buffer.from('first');
    throw new Error('the disk is gone');
  }
  const unpacked = new Unpacked(source());
  await wait(20);
  expect((await unpacked.next())?.toString()).toBe('first');
  await expect(unpacked.next()).rejects.toThrow('the disk is gone');
  await expect(new Unpacked(Promise.reject(new Error('denied'))).next()).rejects.toThrow('denied');
});
