/** The check that the first load of the console stays small. */
import { type BuiltFile, firstLoadOf } from '../../console/build/size-limit';

const file = (fileName: string, overrides: Partial<BuiltFile> = {}): BuiltFile => ({
  fileName,
  content: fileName,
  imports: [],
  assets: [],
  isEntry: false,
  ...overrides,
});
const BUILD = [
  file('index.html'),
  file('index.js', { isEntry: true, imports: ['shared.js'], assets: ['index.css'] }),
  file('shared.js', { imports: ['index.js'] }),
  file('index.css'),
  file('passkeys.js', { imports: ['shared.js'], assets: ['passkeys.css'] }),
  file('passkeys.css'),
];

it('counts what the page needs at once, and nothing that a route loads later', () => {
  expect(firstLoadOf(BUILD).names).toEqual(['index.css', 'index.html', 'index.js', 'shared.js']);
});

it('counts bytes after gzip', () => {
  const few = firstLoadOf(BUILD).bytes;
  const repeated = firstLoadOf([...BUILD, file('more.html', { content: 'a'.repeat(100_000) })]).bytes - few;
  expect(repeated).toBeGreaterThan(0);
  expect(repeated).toBeLessThan(1000);
  const random = Array.from({ length: 10_000 }, () => Math.random().toString(36)).join('');
  expect(firstLoadOf([...BUILD, file('more.html', { content: random })]).bytes - few).toBeGreaterThan(10_000);
});
