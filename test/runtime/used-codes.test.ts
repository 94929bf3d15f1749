/** A code is sent once: by one program, and by programs of one user that share a folder. */
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { UsedCodes } from '../../runtime/src/lease/used-codes';

const DEVICE = 'arn:aws:iam::123456789012:mfa/hermes-dev-agent--oncall';
const OTHER = 'arn:aws:iam::123456789012:mfa/hermes-dev-agent--lead';

let above: string;
let folder: string;
beforeEach(() => {
  above = mkdtempSync(join(tmpdir(), 'leasehold-codes-'));
  folder = join(above, 'run', 'used-codes');
});
afterEach(() => rmSync(above, { recursive: true, force: true }));

/** A program of its own. */
const program = () => new UsedCodes(() => Date.now(), folder);

it('is refused in every other program, and only of that device', () => {
  expect([program().has(DEVICE, '123456'), program().add(DEVICE, '123456')]).toEqual([false, true]);
  const next = program();
  expect([next.has(DEVICE, '123456'), next.add(DEVICE, '123456')]).toEqual([true, false]);
  expect([next.has(OTHER, '123456'), next.has(DEVICE, '234567')]).toEqual([false, false]);
});

it('is had by one of all who send it at once', () => {
  const programs = Array.from({ length: 8 }, program);
  expect(programs.filter((each) => each.add(DEVICE, '123456'))).toHaveLength(1);
});

it('may be sent after all where AWS did not take it', () => {
  const one = program();
  one.add(DEVICE, '123456');
  one.forget(DEVICE, '123456');
  expect([one.has(DEVICE, '123456'), program().add(DEVICE, '123456')]).toEqual([false, true]);
});

it.each([-1, 1])('is forgotten after five minutes, also where the clock was set back', (direction) => {
  program().add(DEVICE, '123456');
  const [name = ''] = readdirSync(folder);
  const then = new Date(Date.now() + direction * 301_000);
  utimesSync(join(folder, name), then, then);
  expect(program().has(DEVICE, '123456')).toBe(false);
  program().add(OTHER, '654321');
  expect(readdirSync(folder)).toHaveLength(1);
});

it('leaves nothing from which a code could be read (property)', () => {
  const code = fc.integer({ min: 0, max: 999_999 }).map((number) => String(number).padStart(6, '0'));
  fc.assert(
    fc.property(fc.uniqueArray(code, { minLength: 1, maxLength: 5 }), (codes) => {
      rmSync(folder, { recursive: true, force: true });
      for (const each of codes) program().add(DEVICE, each);
      for (const name of readdirSync(folder)) {
        const { size, mode } = statSync(join(folder, name));
        expect([size, mode & 0o777]).toEqual([0, 0o600]);
        // Sixteen bits for each of a million codes.
        expect(name).toMatch(/^[0-9a-f]{32}-[0-9a-f]{4}$/);
      }
      expect(statSync(folder).mode & 0o777).toBe(0o700);
    }),
    { numRuns: 30 },
  );
});

it('costs no lease where the folder cannot be used', () => {
  program().add(DEVICE, '111111');
  chmodSync(folder, 0o755);
  const next = program();
  expect([next.add(DEVICE, '123456'), next.add(DEVICE, '123456')]).toEqual([true, false]);
  expect(new UsedCodes(() => 0, '/dev/null/none').add(DEVICE, '123456')).toBe(true);
  expect(new UsedCodes(() => 0, '/dev/full').add(DEVICE, '123456')).toBe(true);
});
