/** The diagrams of the documentation agree with the code. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorsOf, LEASE_STATES } from '../lib/broker/lease/table';

const page = readFileSync(join(__dirname, '..', 'docs', 'diagrams.md'), 'utf8');
const [, states = ''] = /stateDiagram-v2\n([\s\S]*?)```/.exec(page) ?? [];
const edges = [...states.matchAll(/^ *([\w[\]*]+) --> ([\w[\]*]+)/gm)].map(([, from = '', to = '']) => `${from} ${to}`);

it('draw every state of a lease, and no other', () => {
  const drawn = new Set(edges.flatMap((edge) => edge.split(' ')).filter((state) => state !== '[*]'));
  expect([...drawn].sort()).toEqual([...LEASE_STATES].sort());
});

it.each(LEASE_STATES.flatMap((from) => (['denied', 'revoked', 'issued'] as const).map((to) => [from, to] as const)))(
  'draw an edge from %s to %s where that can happen, and nowhere else',
  (from, to) => {
    expect(edges.includes(`${from} ${to}`)).toBe(actorsOf(from, to).length > 0);
  },
);

it('draw the five subjects', () => {
  expect(page.match(/^```mermaid$/gm)).toHaveLength(5);
});
