/** Compressed and plain files, whole and damaged. */
import { gzipSync } from 'node:zlib';
import type { ProblemKind } from '../../../lib/usage/read/problem';
import { readStream } from '../../../lib/usage/read/stream';
import { chunksOf } from '../support/records';

async function read(bytes: Buffer, size = 50) {
  const records: unknown[] = [];
  const problems: ProblemKind[] = [];
  await readStream(chunksOf(bytes, size), {
    record: (each) => records.push(JSON.parse(each.toString())),
    problem: (kind) => problems.push(kind),
  });
  return { records, problems };
}

const records = Array.from({ length: 200 }, (_, number) => ({ number, text: `${Math.sin(number)}` }));
const text = JSON.stringify({ Records: records });

it.each([
  ['compressed', gzipSync(text)],
  ['plain', Buffer.from(text)],
  ['in two compressed parts', Buffer.concat([gzipSync(text.slice(0, 900)), gzipSync(text.slice(900))])],
])('reads a file that is %s, in chunks of any size', async (_, bytes) => {
  for (const size of [1, 2, 50, 100_000]) expect(await read(bytes, size)).toEqual({ records, problems: [] });
});

it('names a compressed file that ends early, and keeps the records before its end', async () => {
  const bytes = gzipSync(text);
  for (const end of [3, 12, 100, Math.floor(bytes.length / 2), bytes.length - 9, bytes.length - 1]) {
    const found = await read(bytes.subarray(0, end));
    expect(found.problems).toEqual(['broken-gzip']);
    expect(found.records).toEqual(records.slice(0, found.records.length));
  }
  expect((await read(bytes.subarray(0, bytes.length - 9))).records.length).toBeGreaterThan(100);
});

it('names a compressed file that is damaged', async () => {
  const bytes = gzipSync(text);
  const damaged = Buffer.from(bytes);
  damaged.fill(0xff, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40);
  const problems: ProblemKind[] = [];
  await readStream(chunksOf(damaged, 50), { record: () => {}, problem: (kind) => problems.push(kind) });
  expect(problems).toEqual(['broken-gzip']);
});

it.each<[what: string, after: Buffer]>([
  ['a letter', Buffer.from('x')],
  ['a zero', Buffer.alloc(1)],
  ['many zeros', Buffer.alloc(5000)],
  ['zeros and more compressed data', Buffer.concat([Buffer.alloc(3), gzipSync(text)])],
  ['a part of more compressed data', gzipSync(text).subarray(0, 12)],
  ['the first byte of more compressed data', Buffer.from([0x1f])],
])('names a compressed file that is followed by %s', async (_, after) => {
  for (const size of [1, 7, 50, 1000, 100_000]) {
    const { problems } = await read(Buffer.concat([gzipSync(text), after]), size);
    expect([size, problems]).toEqual([size, ['broken-gzip']]);
  }
});

it.each([
  ['without a byte', Buffer.alloc(0)],
  ['of white space', Buffer.from(' \n')],
  ['with a byte order mark alone', Buffer.from('\ufeff')],
  ['that was compressed from nothing', gzipSync('')],
])('names a file %s', async (_, bytes) => {
  expect(await read(bytes)).toEqual({ records: [], problems: ['cut-off'] });
});

it('rejects if the source fails', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield gzipSync(text).subarray(0, 100);
    throw Object.assign(new Error('the disk is gone'), { code: 'EIO' });
  }
  await expect(readStream(failing(), { record: () => {}, problem: () => {} })).rejects.toThrow('the disk is gone');
});
