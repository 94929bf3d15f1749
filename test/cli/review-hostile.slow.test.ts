/** Plans that somebody broke: never a pass, and never a defect of ours. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { leasehold, newFolder, removeFolders } from './support';

afterAll(removeFolders);

const RUNS = { numRuns: Math.ceil(Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) / 3) };
const TEXT = readFileSync(join(__dirname, 'plans', 'thumbnails', 'plan.json'), 'utf8');
/** Without white space, so that every place of it means something. */
const PLAN = Buffer.from(JSON.stringify(JSON.parse(TEXT)));

/** Each of these findings has its own cause, so that no single change takes all of them away. */
const CAUSES = ['privilege-escalation', 'write-on-wildcard', 'oidc-trust-loose', 'unknown-policy'];

const folder = newFolder();

async function review(plan: Uint8Array) {
  writeFileSync(join(folder, 'plan.json'), plan);
  return leasehold('review plan.json --json', { cwd: folder });
}

/** It is refused, with a place, or it is read and still found dangerous. */
async function expectNoPass(plan: Uint8Array): Promise<void> {
  const { code, out, err } = await review(plan);
  if (code === 1) {
    expect(err).toBe('');
    expect(JSON.parse(out).worst).toMatch(/^(?:high|critical)$/);
    return;
  }
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^error: plan\.json: .+\n {2}hint: {5}.+\n$/);
}

it('the plan itself has findings of several causes', async () => {
  const ids = JSON.parse((await review(PLAN)).out).findings.map(({ id }: { id: string }) => id);
  expect(ids).toEqual(expect.arrayContaining(CAUSES));
});

it('one byte that is another is no pass (property)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(PLAN.length - 1), fc.integer({ min: 0, max: 255 }), async (at, byte) => {
      const plan = Buffer.from(PLAN);
      plan[at] = byte;
      await expectNoPass(plan);
    }),
    RUNS,
  );
});

it('a piece that is missing or stands twice is no pass (property)', async () => {
  const end = fc.nat(PLAN.length);
  await fc.assert(
    fc.asyncProperty(end, fc.integer({ min: 1, max: 200 }), fc.boolean(), async (at, length, twice) => {
      const piece = PLAN.subarray(at, at + length);
      const rest = PLAN.subarray(at + length);
      await expectNoPass(Buffer.concat([PLAN.subarray(0, at), ...(twice ? [piece, piece] : []), rest]));
    }),
    RUNS,
  );
});

it('a plan that ends anywhere is refused where it ends (property)', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(PLAN.length - 1), async (length) => {
      const { code, out, err } = await review(PLAN.subarray(0, length));
      expect({ code, out }).toEqual({ code: 2, out: '' });
      expect(err).toMatch(length === 0 ? /nothing to read/ : new RegExp(`^error: plan\\.json: .*byte ${length}\\b`));
    }),
    RUNS,
  );
});

it('a value that is of another kind is no pass (property)', async () => {
  const paths: (string | number)[][] = [];
  const walk = (value: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path);
    if (Array.isArray(value)) for (const [index, each] of value.entries()) walk(each, [...path, index]);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, each] of Object.entries(value)) walk(each, [...path, key]);
    }
  };
  walk(JSON.parse(TEXT), []);
  const other = fc.constantFrom<unknown>(null, true, 0, '', 'x', [], {}, [[]], { a: 1 }, '\u202e', -1e308);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), other, async (path, value) => {
      const plan = JSON.parse(TEXT);
      const parent = path.slice(0, -1).reduce((node, key) => node[key], plan);
      parent[path.at(-1) ?? ''] = value;
      await expectNoPass(Buffer.from(JSON.stringify(plan)));
    }),
    RUNS,
  );
});
