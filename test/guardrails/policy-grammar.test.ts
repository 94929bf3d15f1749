/** Every document that is deployed is parsed, and not only those of roles. */
import type { Environment, Identity } from '@leasehold/definitions';
import { checkDefinitions } from '@leasehold/guardrails';
import { aBrokerEnvironment } from '../support/broker-environment';
import { anAgent, anEnvironment, definitions, IDENTITIES } from '../support/environment';

async function refused(environment: Environment): Promise<readonly string[]> {
  const { findings } = await checkDefinitions(definitions(environment), { today: '2026-11-30' });
  return findings
    .filter(({ id }) => id === 'policy-grammar')
    .map(({ message }) => /^IAM would reject the (.+?): unexpected /.exec(message)?.[1] ?? message);
}

const machine = (commonName: string): Identity => ({
  type: 'roles-anywhere',
  trustAnchorArn: 'arn:aws:rolesanywhere:eu-west-1:123456789012:trust-anchor/1',
  commonName,
});

test('nothing of a broker, its people, its alerts and every kind of agent is refused', async () => {
  const agents = Object.values(IDENTITIES).map((identity) => anAgent({ name: `a-${identity.type}`, identity }));
  const alerts = { emails: ['security@example.com'], trail: 'create' as const };
  expect(await refused(anEnvironment({ agents, alerts, roles: [] }))).toEqual([]);
  expect(await refused({ ...aBrokerEnvironment(), alerts })).toEqual([]);
});

test.each([
  [
    'an agent',
    anEnvironment({ agents: [anAgent({ name: 'ci', identity: machine('host ${') })], roles: [] }),
    ['trust policy of agent `ci`'],
  ],
  [
    'whoever reads alerts, by their account',
    anEnvironment({ account: '${', alerts: { emails: [], trail: 'create' as const } }),
    expect.arrayContaining([expect.stringMatching(/^policy of the alert topic/), "policy of the trail's bucket"]),
  ],
  [
    'a broker, by the project',
    { ...aBrokerEnvironment(), project: 'shop${' },
    expect.arrayContaining([
      'permission policy of the broker',
      'boundary of the broker',
      'permission policy of the outcomes pipe',
      'policy of the record key',
      'policy of the events table',
      'policy of the projections table',
    ]),
  ],
])('a document of %s is refused', async (_, environment, expected) => {
  expect(await refused(environment)).toEqual(expected);
});
