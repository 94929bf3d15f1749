/** docs/usage.md lists every service whose events are known. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED_SERVICES } from '../../lib/usage/data/services';

it('docs/usage.md lists the services, their data events and their pages', () => {
  const page = readFileSync(join(__dirname, '..', '..', 'docs', 'usage.md'), 'utf8');
  const rows = RECORDED_SERVICES.map(
    ({ prefix, data, page: url }) =>
      `| \`${prefix}\` | ${data === undefined ? '–' : `\`${data.resourceType}\``} | [AWS](${url}) |`,
  );
  expect(
    page
      .slice(page.indexOf('## Services'))
      .split('\n')
      .filter((line) => line.startsWith('| `')),
  ).toEqual(rows);
});
