/** Every rule that a finding can name has a page, which the command prints wherever Leasehold is installed. */
import { explainedRules } from '../../lib/cli/commands/explain-rule';
import { sectionOf } from '../../lib/cli/render/markdown-section';
import { leasehold } from './support';

it.each(explainedRules().map(({ id }) => id))('explains %s', async (id) => {
  const { code, out, err } = await leasehold(['explain-rule', id]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^#{1,3} \S/);
  expect(out.trim().split('\n').length).toBeGreaterThan(2);
});

it('lists every rule, and what it checks', async () => {
  const { code, out } = await leasehold('explain-rule');
  expect(code).toBe(0);
  expect(out).toMatch(/^no-star +definitions$/m);
  expect(out).toMatch(/^trust-public +Terraform plans$/m);
  expect(out).toMatch(/^unknown-key +definitions$/m);
});

it('prints both pages where a guardrail and a finding of plan review share an id', async () => {
  const ids = explainedRules().map(({ id }) => id);
  const shared = ids.filter((id, index) => ids.indexOf(id) !== index);
  for (const id of shared) {
    const { out } = await leasehold(['explain-rule', id]);
    expect(out.match(/^# /gm)?.length).toBeGreaterThan(1);
  }
});

it('suggests the nearest rule', async () => {
  expect(await leasehold('explain-rule no-stars')).toEqual({
    code: 2,
    out: '',
    err: 'error: there is no rule "no-stars"\n  expected: the id that a finding shows in brackets\n  hint:     Did you mean "no-star"?\n',
  });
});

it.each([
  ['# A\n\n## One\ntext\n\n### Deep\nmore\n\n## Two\n', 'one', '## One\ntext\n\n### Deep\nmore\n'],
  ['## One\n```sh\n# no heading\n```\n# Next\n', 'one', '## One\n```sh\n# no heading\n```\n'],
  ['## `a` and b, c\nx\n', 'a-and-b-c', '## `a` and b, c\nx\n'],
  ['## One\n', 'two', undefined],
])('of the page %j, the section %s', (page, anchor, section) => {
  expect(sectionOf(page, anchor)).toBe(section);
});
