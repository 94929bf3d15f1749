/** docs/conformance.md is generated from the probes, and each open question of the threat model names its probe. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  emptyReport,
  isConformant,
  probes,
  probesMarkdown,
  reportMarkdown,
  TOPICS,
  VERDICTS,
} from '@leasehold/conformance';

const DOCS = join(__dirname, '..', '..', 'docs');
const PAGE = join(DOCS, 'conformance.md');
const START = /(<!-- Generated from the probes[^>]*-->\n)[\s\S]*(<!-- end of the generated part -->)/;
const ids = probes.map(({ id }) => id);

it('docs/conformance.md is the report of a run that ran nothing', () => {
  const page = readFileSync(PAGE, 'utf8');
  const expected = page.replace(START, (_, start, end) => `${start}\n${probesMarkdown()}\n\n${end}`);
  if (process.env.LEASEHOLD_GOLDEN === 'write') writeFileSync(PAGE, expected);
  expect(page).toMatch(START);
  expect(readFileSync(PAGE, 'utf8')).toBe(expected);
});

it('the template claims nothing', () => {
  const report = emptyReport(probes);
  expect(isConformant(report)).toBe(false);
  const verdicts = [...reportMarkdown(report).matchAll(/^- Verdict: ([a-z* ]+)\./gm)].map(([, verdict]) => verdict);
  expect(verdicts).toEqual(ids.map(() => 'not run'));
});

it('every item that is to be checked on a live account names the probes that decide it', () => {
  const [, section = ''] = readFileSync(join(DOCS, 'threat-model.md'), 'utf8').split(
    '\n## To be checked on a live account\n',
  );
  const [list = ''] = section.split('\n## ');
  const items = list.split(/\n(?=- )/).slice(1);
  expect(items.length).toBeGreaterThan(12);
  const named = items.map((item) => [...item.matchAll(/\[`([a-z0-9-]+)`\]\(conformance\.md#([a-z0-9-]+)\)/g)]);
  items.forEach((item, index) => {
    expect({ item, probes: named[index]?.length }).not.toEqual({ item, probes: 0 });
  });
  for (const [, id, anchor] of named.flat()) {
    expect(ids).toContain(id);
    expect(anchor).toBe(id);
  }
});

it('ids, topics and texts are in one form', () => {
  expect(new Set(ids).size).toBe(ids.length);
  for (const { id, topic, assumption, tried, consequence, change } of probes) {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(TOPICS).toContain(topic);
    expect(assumption).toMatch(/^[A-Z`].*[^.]$/);
    for (const text of [tried, consequence, change]) expect(text).toMatch(/^[A-Z`].*\.$/);
  }
  const order = probes.map(({ topic }) => TOPICS.indexOf(topic));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(VERDICTS).toEqual(['holds', 'violated', 'not decided', 'not run']);
});

it('an assumption that fails open says so', () => {
  const open = probes.filter(({ consequence }) => /fails open/i.test(consequence)).map(({ id }) => id);
  expect(open).toEqual(
    expect.arrayContaining([
      'session-token-refused',
      'role-tags-in-running-sessions',
      'resource-tag-on-assume-role',
      's3-prefix',
    ]),
  );
});
