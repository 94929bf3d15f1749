/** What a role says about being opened by the broker: defaults, overrides, and where it was written. */
import { ParameterPattern } from '@leasehold/definitions';
import type { BrokerRules, Role } from '../../lib/definitions/model';
import { brief, load, PROJECT, ROLE } from './support';

/** The role in `dev` and in `prod`, opened by the broker and with more keys. */
function roles(more: string, project = PROJECT): readonly (Role | undefined)[] {
  const brokered = ROLE.replace('gate: mfa', 'gate: broker').replace('agents: [agent]\n', '');
  const { definitions, findings } = load({ 'project.yaml': project, 'role.yaml': `${brokered}${more}` });
  expect(brief(findings)).toEqual([]);
  return definitions?.environments.map((environment) => environment.roles[0]) ?? [];
}

function rules(more: string, project?: string): readonly (BrokerRules | undefined)[] {
  return roles(more, project).map((role) => role?.broker);
}

it('a role that the broker does not open has no rules', () => {
  const { definitions } = load({ 'project.yaml': PROJECT, 'role.yaml': ROLE });
  expect(definitions?.environments[0]?.roles[0]).not.toHaveProperty('broker');
});

it('what a role leaves out is one human in half an hour, no reviewer, and its agents', () => {
  const eligible = { agents: ['agent', 'second', 'worker'], groups: [] };
  expect(rules('')[0]).toEqual({ humans: 1, windowSeconds: 1800, reviewer: 'off', eligible });
  expect(rules('agents: [worker]\n')[0]?.eligible).toEqual({ agents: ['worker'], groups: [] });
});

it('who is eligible is exact: a list of groups lets no agent in', () => {
  expect(rules('eligible: { groups: [support, employees] }\n')[0]?.eligible).toEqual({
    agents: [],
    groups: ['employees', 'support'],
  });
  expect(rules('eligible: { agents: worker }\n')[0]?.eligible).toEqual({ agents: ['worker'], groups: [] });
  expect(rules('eligible: { agents: [worker, agent] }\n')[0]?.eligible.agents).toEqual(['agent', 'worker']);
});

it('a number of humans stands by itself, and its window is the environment’s', () => {
  const [dev, prod] = rules(
    'approval: { humans: 0 }\nenvironments: { prod: { approval: { humans: 3, window: 5m } } }\n',
  );
  expect(dev).toMatchObject({ humans: 0, windowSeconds: 1800 });
  expect(prod).toMatchObject({ humans: 3, windowSeconds: 300 });
});

it('an environment replaces what it names, as a whole', () => {
  const [dev, prod] = rules(
    'reviewer: advise\neligible: { agents: [agent], groups: [support] }\nenvironments:\n  prod: { reviewer: decide, eligible: { groups: [oncall] } }\n',
  );
  expect(dev).toMatchObject({ reviewer: 'advise', eligible: { agents: ['agent'], groups: ['support'] } });
  expect(prod).toMatchObject({ reviewer: 'decide', eligible: { agents: [], groups: ['oncall'] } });
});

it('a place is where the value was written', () => {
  const [dev, prod] = roles('approval: { humans: 1 }\nenvironments: { prod: { approval: { humans: 2 } } }\n');
  expect(dev?.locate(['approval', 'humans'])).toMatchObject({ line: 11, column: 21 });
  expect(prod?.locate(['approval', 'humans'])).toMatchObject({ line: 12, column: 45 });
});

it.each(['requester.name', 'subject.sub', 'subject.claims.custom:customer', 'subject.claims.https://shop.example/id'])(
  'a parameter may be bound to `%s`, and keeps its pattern',
  (from) => {
    const bound = { pattern: '[0-9]+', from };
    const [dev] = roles(
      `environments:\n  dev:\n    parameters: { release: ${JSON.stringify({ description: 'Release', ...bound })} }\n`,
    );
    expect(dev?.parameters).toEqual([
      { name: 'release', description: 'Release', from, pattern: new ParameterPattern('[0-9]+') },
    ]);
  },
);
