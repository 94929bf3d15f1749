/** docs/usage.md agrees with the code: services and queries. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RECORDED_SERVICES } from '../../lib/usage/data/services';
import { readQuery } from '../../lib/usage/lake/query';

const page = readFileSync(join(__dirname, '..', '..', 'docs', 'usage.md'), 'utf8');

it('docs/usage.md shows queries of CloudTrail Lake that the command understands', () => {
  const queries = [...page.matchAll(/```sql\n([^`]+)```/g)].map(([, sql = '']) => readQuery(sql));
  const [all, roles] = queries;
  expect(queries.length).toBe(2);
  expect([all?.store, all?.account, all?.roles]).toEqual([expect.any(String), undefined, undefined]);
  expect([roles?.account, roles?.roles]).toEqual([
    '123456789012',
    ['arn:aws:iam::123456789012:role/leasehold/hermes-dev/%'],
  ]);
});

it('docs/usage.md lists the services, their data events and their pages', () => {
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
