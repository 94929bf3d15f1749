/** What every published package has to have. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const PACKAGES = [...readdirSync(join(ROOT, 'lib')).map((name) => join('lib', name)), 'runtime'].filter((folder) =>
  existsSync(join(ROOT, folder, 'package.json')),
);

it.each(PACKAGES)('%s has the license in its tarball, since npm takes none from above', (folder) => {
  expect(readFileSync(join(ROOT, folder, 'LICENSE'), 'utf8')).toBe(readFileSync(join(ROOT, 'LICENSE'), 'utf8'));
});

it.each(['runtime', 'lib/serve'])('%s brings the types of Node, which its own need', (folder) => {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  expect(dependencies).toHaveProperty('@types/node');
});
