/** Whom the broker knows, as the documents seed it. */
import type { Environment } from '../../lib/definitions/model';
import { brief, load, PROJECT, ROLE } from './support';

function environments(...principals: readonly string[]): readonly Environment[] {
  const files = principals.map((text, index) => [`${index}.yaml`, `kind: Principal\n${text}\n`] as const);
  const { definitions, findings } = load({ 'p.yaml': PROJECT, 'r.yaml': ROLE, ...Object.fromEntries(files) });
  expect(brief(findings)).toEqual([]);
  return definitions?.environments ?? [];
}

it('a person of whom nothing is said is in no group, and is the IAM user of their name in each account', () => {
  const found = environments('type: person\nname: alice').map(({ principals }) => principals);
  const alice = { kind: 'person', name: 'alice', groups: [], administrator: false, policy: '' };
  expect(found).toMatchObject([
    [{ ...alice, userArn: 'arn:aws:iam::123456789012:user/alice' }],
    [{ ...alice, userArn: 'arn:aws:iam::210987654321:user/alice' }],
  ]);
});

it('an agent has no IAM user here: that is the project’s', () => {
  const [dev] = environments('type: agent\nname: worker\npolicy: Deploys.');
  expect(dev?.principals).toEqual([
    {
      kind: 'agent',
      name: 'worker',
      groups: [],
      administrator: false,
      policy: 'Deploys.',
      locate: expect.any(Function),
    },
  ]);
});

it('a policy keeps its lines, and loses the space around it', () => {
  const [dev] = environments('type: person\nname: alice\npolicy: |\n\n  One.\n\n    Two.\n\n');
  expect(dev?.principals[0]?.policy).toBe('One.\n\n  Two.');
});

it('a policy of 4,000 characters and a line break fits', () => {
  const [dev] = environments(`type: person\nname: alice\npolicy: |\n  ${'x'.repeat(4000)}\n`);
  expect(dev?.principals[0]?.policy).toHaveLength(4000);
});

it('principals come by name, and only where they are known', () => {
  const found = environments(
    'type: person\nname: bob\nadministrator: true\ngroups: [oncall, employees]',
    'type: person\nname: alice\nenvironments: [prod]',
    'type: agent\nname: agent\nenvironments: { dev: false }',
  );
  expect(found.map(({ principals }) => principals.map(({ name }) => name))).toEqual([
    ['bob'],
    ['agent', 'alice', 'bob'],
  ]);
  expect(found[0]?.principals[0]).toMatchObject({ administrator: true, groups: ['employees', 'oncall'] });
});

it('a user may be in an account for people, under a path', () => {
  const [, prod] = environments(
    'type: person\nname: a.smith@example.com\nuser: "arn:${env.partition}:iam::999999999999:user/staff/a.smith@example.com"',
  );
  expect(prod?.principals[0]?.userArn).toBe('arn:aws:iam::999999999999:user/staff/a.smith@example.com');
  expect(prod?.principals[0]?.locate(['user'])).toMatchObject({ file: '0.yaml', line: 4, column: 7 });
});
