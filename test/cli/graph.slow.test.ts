import { loadDefinitions } from '@leasehold/definitions';
import fc from 'fast-check';
import { renderGraph } from '../../lib/cli/render/graph';
import type { Environment } from '../../lib/definitions/model';
import { anAgent, anEnvironment, aRole } from '../support/environment';
import { expectGoldenText, leasehold, project } from './support';

/** The whole grammar that a line of the flowchart may have; every label is quoted and holds nothing but plain characters. */
const LABEL = String.raw`"(?:[\p{L}\p{M}\p{N} ,.:/_=+@()$!?*-]|#\d+;|<br/>)*"`;
const ID = String.raw`e\d+_[a-z]+\d+`;
const LINES = [
  'flowchart LR',
  String.raw`  subgraph e\d+\[${LABEL}\]`,
  String.raw`    ${ID}(?:\[${LABEL}\]|\(\[${LABEL}\]\)|\{\{${LABEL}\}\}|\[\(${LABEL}\)\]):::[a-z]+`,
  String.raw`    ${ID} -->(?:\|${LABEL}\|)? ${ID}`,
  '  end',
  '  classDef [a-z]+ [a-z0-9#:,]+',
];
const GRAMMAR = new RegExp(`^(?:${LINES.join('|')})$`, 'u');

describe('graph', () => {
  it('draws approvers, agents, gates, roles and resources of every environment', async () => {
    const { code, out, err } = await leasehold('graph');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expectGoldenText('graph.mmd', out);
  });

  it('draws one environment when it is named', async () => {
    const { out } = await leasehold('graph --env prod');
    expect(out).toContain('hermes-prod');
    expect(out).not.toContain('hermes-dev');
  });

  it('draws the broker as a gate that several humans open, and no agent on a gate of another', async () => {
    const { out } = await leasehold('graph', { cwd: project('workloads') });
    expectGoldenText('graph-workloads.mmd', out);
    const [, builder = ''] = /(\S+)\["builder/.exec(out) ?? [];
    const [, ordersRead = ''] = /(\S+)\(\["orders-read/.exec(out) ?? [];
    expect(reachable(out, builder)).not.toContain(ordersRead);
  });

  it.each([
    [{ humans: 0, reviewer: 'off' }, undefined],
    [{ humans: 0, reviewer: 'advise' }, 'approves if the reviewer asks'],
    [{ humans: 0, reviewer: 'decide' }, 'approves if the reviewer asks'],
    [{ humans: 1, reviewer: 'off' }, 'approves, 1 of 2'],
    [{ humans: 2, reviewer: 'decide' }, 'approves, 2 of 2'],
  ] as const)('draws the approvals of a role with %j: %s', (approval, text) => {
    const eligible = { agents: ['agent'], groups: [] };
    const broker = { windowSeconds: 1800, eligible, ...approval };
    const roles = [aRole({ name: 'one', gates: ['broker'], agents: ['agent'], broker })];
    // The approval of the environment is only the default of its roles.
    const environment = anEnvironment({
      approvers: ['lead', 'oncall'],
      agents: [anAgent()],
      roles,
      approval: { humans: 1, windowSeconds: 1800 },
    });
    const labels = renderGraph([environment]).match(/approves[^"]*/g) ?? [];
    expect(labels).toEqual(text === undefined ? [] : [text, text]);
  });

  it('is the same text every time', async () => {
    expect((await leasehold('graph')).out).toBe((await leasehold('graph')).out);
  });

  it.each([
    ['a quote', 'a"]:::x'],
    ['a link', 'a" click e1_role2 "https://evil.example'],
    ['HTML', '<img src=x onerror=alert(1)>'],
    ['a directive', '%%{init: {"securityLevel": "loose"}}%%'],
    ['an entity', '#quot;&lt;'],
    ['a line break', 'a\n  end\n  evil[x]'],
    ['a Markdown string', '`**x**`'],
  ])('takes %s in a name as text', (_, name) => {
    for (const line of renderGraph([hostile(name)])
      .trimEnd()
      .split('\n'))
      expect(line).toMatch(GRAMMAR);
  });

  it('takes any text as text (property)', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) =>
        renderGraph([hostile(text)])
          .trimEnd()
          .split('\n')
          .every((line) => GRAMMAR.test(line)),
      ),
    );
  });
});

const LOADED = loadDefinitions('roles', { cwd: project('hermes') });

/** The development environment with a text wherever the drawing has one. */
function hostile(text: string): Environment {
  const [dev] = LOADED.definitions?.environments ?? [];
  if (!dev) throw new Error('the project does not load');
  return {
    ...dev,
    project: text,
    region: text,
    approvers: [text],
    agents: dev.agents.map((agent) => ({ ...agent, name: text })),
    roles: dev.roles.map((role) => ({
      ...role,
      name: text,
      agents: [text],
      allow: [{ actions: [text], resources: [text, '*'], conditions: { StringEquals: { [text]: [text] } } }],
    })),
  };
}

/** Ids that can be reached from a node by following the arrows. */
function reachable(graph: string, from: string): readonly string[] {
  const edges = [...graph.matchAll(/^ +(\S+) -->(?:\|.*?\|)? (\S+)$/gm)].map(([, start, end]) => [start, end]);
  const found = new Set([from]);
  for (const node of found) for (const [start, end] of edges) if (start === node && end !== undefined) found.add(end);
  return [...found];
}
