import { join } from 'node:path';
import { marker, reviewMarkdown } from '../../../lib/review/render/markdown';
import type { IdentityReview, Review, ReviewFinding, Severity } from '../../../lib/review/review';
import { expectFile } from '../../cli/support';
import { read } from './reading';
import { sampleReview } from './sample';

const nothing: Review = {
  verdict: 'No identity can do more or less than before; no findings.',
  worst: undefined,
  identities: [],
  findings: [],
  statements: [],
  unknowns: [],
  graph: { before: { nodes: [], edges: [] }, after: { nodes: [], edges: [] } },
  terraform: '1.11.4',
  seen: { resources: 3, identities: 1, policies: 2 },
};

const finding = (severity: Severity, index: number): ReviewFinding => ({
  id: 'mfa-weakened',
  severity,
  place: { address: `aws_iam_role.r${index}`, attribute: 'assume_role_policy' },
  message: `The role number ${index} of severity ${severity} can be opened without MFA.`,
  why: 'Without this requirement, anyone who has the access key can assume the role without the approval of a human.',
  hint: 'Put `Bool aws:MultiFactorAuthPresent true` back.',
});

const identity = (name: string, change: Partial<IdentityReview> = {}): IdentityReview => ({
  key: `role 123456789012 ${name}`,
  kind: 'role',
  name,
  place: { address: `aws_iam_role.${name}` },
  state: 'changed',
  permissions: { kind: 'widened', witness: '`s3:DeleteObject` on `*`' },
  gained: [{ service: 's3', level: 'Write', actions: ['s3:DeleteObject'], resources: ['*'] }],
  lost: [],
  trust: [],
  other: [],
  ...change,
});

const many = <T>(amount: number, each: (index: number) => T): readonly T[] =>
  Array.from({ length: amount }, (_, i) => each(i));

describe('the comment', () => {
  it('reads as in the golden file', () => {
    const page = (id: string) => `https://pages.example/docs/findings/${id}.md`;
    expectFile(join(__dirname, 'golden', 'sample.md'), reviewMarkdown(sampleReview(), { name: 'hermes-prod', page }));
  });

  it('says in its first visible line what changed and how bad it is', () => {
    const [first, second] = reviewMarkdown(sampleReview()).split('\n');
    expect(first).toBe(marker());
    expect(second).toBe('## ⛔ Leasehold: 1 role gains write access, 1 role is new; 3 findings, worst critical');
  });

  it.each<[string, Partial<Review>, string]>([
    ['nothing', {}, '✅'],
    ['a value that cannot be read', { unknowns: [{ place: { address: 'a.b' }, why: 'sensitive' }] }, '⚠️'],
    ['a finding', { worst: 'low', findings: [finding('low', 1)] }, '🟡'],
    ['a finding that the verdict forgot', { findings: [finding('critical', 1)] }, '⛔'],
    ['an identity that widened without a finding', { identities: [identity('r')] }, '⚠️'],
    ['an identity that narrowed', { identities: [identity('r', { permissions: { kind: 'narrowed' } })] }, '✅'],
  ])('begins, for %s, with its sign', (_, change, sign) => {
    expect(reviewMarkdown({ ...nothing, ...change }).split('\n')[1]).toMatch(new RegExp(`^## ${sign} Leasehold: `));
  });

  it('names the whole plan where a finding is about it', () => {
    const text = reviewMarkdown({ ...nothing, findings: [{ ...finding('high', 1), place: { address: '' } }] });
    expect(text).toContain('  - Where: `the whole plan`\n');
  });

  it('is the same for the same review', () => {
    expect(reviewMarkdown(sampleReview())).toBe(reviewMarkdown(sampleReview()));
  });

  it('shows what is grave, and folds what is not', () => {
    const text = reviewMarkdown({ ...nothing, findings: [finding('high', 1), finding('info', 2)] });
    const [open = '', folded = ''] = text.split('<details>');
    expect(open).toContain('of severity high');
    expect(folded).toContain('of severity info');
    expect(folded).toContain('<summary>1 more finding: 1 info</summary>');
  });

  it('counts what a table does not name, and names it folded', () => {
    const actions = many(30, (index) => `s3:Action${index}`);
    const text = reviewMarkdown({
      ...nothing,
      identities: [identity('r', { gained: [{ service: 's3', level: 'Write', actions, resources: ['*'] }] })],
    });
    const [open = '', folded = ''] = text.split('<details>');
    expect(open).toContain('`s3:Action4`, 25 more on `*`');
    expect(open).not.toContain('s3:Action5`');
    for (const action of actions) expect(folded).toContain(`\`${action}\``);
  });
});

describe('a comment that would be too long', () => {
  const severities = ['critical', 'high', 'medium', 'low', 'info'] as const;
  const huge: Review = {
    ...nothing,
    worst: 'critical',
    findings: severities.flatMap((severity) => many(60, (index) => finding(severity, index))),
    identities: many(200, (index) =>
      identity(`role-${index}`, index < 100 ? {} : { state: 'removed', permissions: { kind: 'narrowed' } }),
    ),
    unknowns: many(100, (index) => ({ place: { address: `aws_iam_policy.p${index}` }, why: 'known only after apply' })),
  };
  const text = reviewMarkdown(huge);
  const findingsOf = (severity: Severity) => text.match(new RegExp(`of severity ${severity} can`, 'g'))?.length ?? 0;

  it('stays under what GitHub takes', () => {
    expect(text.length).toBeLessThan(65_536);
    expect(text.length).toBeGreaterThan(60_000);
  });

  it('keeps the grave and leaves out the least important first', () => {
    // Equal findings share why and how to fix, so that all of them fit beside the identities.
    expect(findingsOf('critical')).toBe(60);
    expect(findingsOf('high')).toBe(60);
    // All that change, and of those that are removed what there is room for.
    expect(text.match(/^#### Role .*widened/gm)).toHaveLength(100);
    expect(text.match(/^#### Role .*removed/gm)?.length ?? 0).toBeLessThan(100);
  });

  it('says right under the verdict how much of what is left out', () => {
    const note = text.split('\n').find((line) => line.startsWith('> ')) ?? '';
    expect(text.indexOf(note)).toBeLessThan(300);
    const shown = text.match(/^#### Role/gm)?.length ?? 0;
    expect(note).toContain(`${200 - shown} users, roles and groups`);
    expect(note).toContain('The whole review is in its JSON and SARIF.');
  });

  it('opens and closes every fold', () => {
    const { html } = read(text);
    expect(html.filter((each) => each.startsWith('<details>'))).toHaveLength(text.match(/<\/details>/g)?.length ?? 0);
  });

  it('holds at any length (down to the verdict and the note)', () => {
    for (const limit of [1_500, 2_000, 5_000, 20_000, 64_000]) {
      const short = reviewMarkdown(huge, { limit });
      expect(short.length).toBeLessThanOrEqual(limit + 1);
      expect(short.split('\n')[1]).toBe(text.split('\n')[1]);
      expect(short).toContain('> **Too long for a comment.**');
    }
  });

  it('does not let one identity with very long names push the others out', () => {
    const long = many(40, (index) => `${'@|<'.repeat(90)}${index}`);
    const greedy = identity('greedy', {
      gained: many(12, (index) => ({ service: `s${index}`, level: 'Write', actions: long, resources: long })),
      trust: long,
    });
    const all = reviewMarkdown({ ...nothing, identities: [greedy, ...many(20, (index) => identity(`r${index}`))] });
    expect(all.match(/^#### Role/gm)).toHaveLength(21);
    expect(all).toContain('The JSON output lists');
  });

  it('does not let one finding with a very long text push the others out', () => {
    const greedy = { ...finding('critical', 0), message: '@'.repeat(100_000), why: '|'.repeat(100_000) };
    const all = reviewMarkdown({ ...nothing, findings: [greedy, ...many(40, (index) => finding('critical', index))] });
    expect(all.match(/^ {2}- .*of severity critical can/gm)).toHaveLength(40);
    expect(all).toContain('more characters');
  });

  it('writes findings with the same message once, with all their addresses, and counts every one that is left out', () => {
    const same = many(20, (index) => ({
      ...finding('high', index),
      message: 'A policy cannot be read.',
      place: { address: `aws_iam_role.r${index}` },
    }));
    const all = reviewMarkdown({ ...nothing, findings: same });
    expect(all.match(/A policy cannot be read/g)).toHaveLength(1);
    expect(all.match(/- Why:/g)).toHaveLength(1);
    expect(all).toContain('`aws_iam_role.r11`; 8 more)');
    const others = many(400, (index) => ({
      ...finding('high', index),
      message: `The role r${index} ${'reads '.repeat(60)}.`,
    }));
    const note =
      reviewMarkdown({ ...nothing, findings: others })
        .split('\n')
        .find((line) => line.startsWith('> ')) ?? '';
    const shown = reviewMarkdown({ ...nothing, findings: others }).match(/^ {2}- The role/gm)?.length ?? 0;
    expect(note).toContain(`${400 - shown} findings of severity high`);
  });

  it('writes one reason for many values that could not be read once', () => {
    expect(text.match(/: known only after apply/g)).toHaveLength(1);
    expect(text).toContain('`aws_iam_policy.p11`; 88 more: known only after apply');
  });
});

describe('the graphs', () => {
  const graph = (edges: readonly [string, string][]) => ({
    nodes: [...new Set(edges.flat())].map((id) => ({ id, label: `node ${id}`, kind: 'role' as const })),
    edges: edges.map(([from, to]) => ({ from, to, label: '' })),
  });
  const charts = (before: [string, string][], after: [string, string][]) =>
    read(reviewMarkdown({ ...nothing, graph: { before: graph(before), after: graph(after) } })).blocks;

  it('are drawn before and after, with what goes dotted and what comes thick', () => {
    const [before = '', after = ''] = charts(
      [
        ['a', 'b'],
        ['b', 'c'],
      ],
      [
        ['a', 'b'],
        ['a', 'c'],
      ],
    );
    expect(before).toContain('n1 --> n2\n  n2 -.-> n3');
    expect(after).toContain('n1 --> n2\n  n1 ==> n3');
  });

  it('are left out where they are the same', () => {
    expect(charts([['a', 'b']], [['a', 'b']])).toEqual([]);
  });

  it('are left out where one is too large to read', () => {
    expect(charts([], many(30, (index) => ['a', `b${index}`]) as [string, string][])).toEqual([]);
  });
});
