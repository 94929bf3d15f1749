/** What an approver scans or types is on the screen as a whole, however small that is. */
import fc from 'fast-check';
import { seedText } from '../../../lib/cli/commands/mfa';
import type { DevicePlace } from '../../../lib/cli/mfa/device-owner';
import { shownSeed } from '../../../lib/cli/mfa/enroll';

const KEY = 'ABCDEFGHIJKLMNOP'.repeat(4);
const aPlace = (userName: string, approver = 'oncall') => ({ userName, approver }) as DevicePlace;

/** Rows that a terminal of so many columns shows of it, with the question below. */
const rowsOf = (text: string, columns: number) =>
  text
    .trimEnd()
    .split('\n')
    .reduce((sum, line) => sum + Math.ceil(line.length / columns), 1);
const isCode = (line: string) => /[▀▄█]/.test(line);

it('fits a window of 80 columns and 24 rows with the key and a code', () => {
  const place = aPlace('hermes-dev-agent');
  const text = seedText(shownSeed(KEY, place), place, { columns: 80, rows: 24 });
  expect(rowsOf(text, 80)).toBeLessThanOrEqual(24);
  expect(text.split('\n').some(isCode)).toBe(true);
});

it('shows more beside the code where there is room', () => {
  const place = aPlace('hermes-dev-agent');
  const codeOf = (rows: number) =>
    seedText(shownSeed(KEY, place), place, { columns: 80, rows }).split('\n').filter(isCode).join('\n');
  expect(shownSeed(KEY, place).codes).toEqual([codeOf(60), codeOf(24)]);
});

it('never scrolls the key away, and shows a code whole or says what it needs (property)', () => {
  const names = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}$/);
  fc.assert(
    fc.property(names, names, fc.integer({ min: 40, max: 200 }), fc.integer({ min: 10, max: 80 }), (...drawn) => {
      const [userName, approver, columns, rows] = drawn;
      const place = aPlace(userName, approver);
      const text = seedText(shownSeed(KEY, place), place, { columns, rows });
      expect(rowsOf(text, columns)).toBeLessThanOrEqual(rows);
      expect(text.replaceAll(' ', '')).toContain(KEY);
      const needs = /needs a window of (\d+) rows and (\d+) columns/.exec(text);
      expect(text.split('\n').some(isCode)).toBe(needs === null);
      if (needs !== null) expect(Number(needs[1]) > rows || Number(needs[2]) > columns).toBe(true);
    }),
  );
});
