/** The pictures of the README show what the commands print. `npm run pictures` writes them again. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PICTURES, pictures } from '../scripts/pictures';

it('are up to date', async () => {
  const all = await pictures();
  expect([...all.keys()]).toEqual(['reach.svg', 'demo.svg']);
  for (const [name, text] of all) expect(readFileSync(join(PICTURES, name), 'utf8')).toBe(text);
});

it('show every role, and every step of the demo', () => {
  const reach = readFileSync(join(PICTURES, 'reach.svg'), 'utf8');
  for (const role of ['cloudwatch-read', 'ec2-read', 'rds-query', 's3-deploy'])
    expect(reach).toContain(`>${role}</text>`);
  const demo = readFileSync(join(PICTURES, 'demo.svg'), 'utf8');
  expect(demo.match(/>\d\. /g)).toHaveLength(6);
  expect(demo).not.toMatch(/ASIA|CloudTrail keeps/);
});
