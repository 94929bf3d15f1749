/** Which encoding a browser gets: https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
import fc from 'fast-check';
import { acceptedEncoding } from '../../../lib/broker/console/accept-encoding';

it.each([
  ['gzip, deflate, br, zstd', 'br'],
  ['gzip, deflate', 'gzip'],
  ['GZIP', 'gzip'],
  ['br;q=0, gzip', 'gzip'],
  ['br;q=0.000, gzip;q=0.5', 'gzip'],
  ['br ; q=0.1', 'br'],
  ['br;q=1.5, gzip', 'gzip'],
  ['br;q=x, gzip', 'gzip'],
  ['*', 'br'],
  ['br;q=0, *', 'gzip'],
  ['*;q=0', undefined],
  ['identity', undefined],
  ['x-br, gzipped', undefined],
  ['', undefined],
  [undefined, undefined],
  [`br, ${'x'.repeat(1000)}`, undefined],
])('%s: %s', (header, expected) => {
  expect(acceptedEncoding(header)).toBe(expected);
});

it('never fails, and never chooses what the header does not name', () => {
  const parts = fc.constantFrom('br', 'gzip', ';q=0', ';q=', ',', ' ', '*', 'identity', '\u{1f600}', '=');
  const header = fc.oneof(
    fc.string(),
    fc.array(parts).map((each) => each.join('')),
  );
  fc.assert(
    fc.property(header, (text) => {
      const chosen = acceptedEncoding(text);
      if (chosen !== undefined && !text.includes('*')) expect(text.toLowerCase()).toContain(chosen);
    }),
  );
});
