/** Every document that is deployed, as an auditor would read it. */
import { join } from 'node:path';
import {
  agentBoundary,
  agentTrust,
  alertRegions,
  alertRules,
  ask,
  brokerBoundary,
  brokerPermissions,
  brokerTrust,
  manifest,
  permissions,
  roleBoundary,
  trust,
} from '@leasehold/documents';
import type { Environment, Partition, Role } from '../../lib/definitions/model';
import { anAgent, anEnvironment, aParameter, aReleaseRole, aRole, IDENTITIES, manyRoles } from '../support/environment';
import { expectGolden } from '../support/golden';

const golden = (name: string) => join(__dirname, 'golden', `${name}.json`);

/** Partitions beside the commercial one, with a region of each. */
const PARTITIONS: readonly (readonly [Partition, string])[] = [
  ['aws-cn', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-west-1'],
];

describe('the trust of a role', () => {
  const values = aParameter({ name: 'stage', values: ['blue', 'green'] });
  const pattern = aParameter({ pattern: '[a-z0-9][a-z0-9.-]{0,62}' });
  const both = { gates: ['broker', 'mfa'] } as const;

  it.each<[string, Partial<Role>, Partial<Environment>?]>([
    ['opened by MFA', {}],
    ['opened by the broker', { gates: ['broker'] }],
    ['opened by either', both],
    ['with a pattern parameter', { ...aReleaseRole() }],
    ['with a values parameter', { parameters: [values] }],
    ['with both kinds of parameter, opened by either', { ...aReleaseRole(), ...both, parameters: [pattern, values] }],
    [
      'for several agents',
      { agents: ['builder', 'deployer', 'worker'] },
      {
        agents: [
          anAgent({ name: 'builder' }),
          anAgent({ name: 'deployer' }),
          anAgent({ name: 'stranger' }),
          anAgent({ name: 'worker', identity: { type: 'ec2' } }),
        ],
      },
    ],
  ])('%s', (name, role, environment = {}) => {
    const where = anEnvironment({ roles: [aRole(role)], ...environment });
    expectGolden(golden(`trust-${name.replaceAll(' ', '-').replaceAll(',', '')}`), trust(aRole(role), where));
  });

  it.each(PARTITIONS)('in partition %s', (partition, region) => {
    expectGolden(golden(`trust-in-${partition}`), trust(aRole(both), anEnvironment({ partition, region })));
  });
});

describe('the permissions of a role', () => {
  it('that names its scope with a parameter', () => {
    expectGolden(golden('permissions-with-a-parameter'), permissions(aReleaseRole()));
  });

  it('are bounded', () => {
    expectGolden(golden('boundary-of-every-role'), roleBoundary());
  });
});

describe('an agent', () => {
  const agent = anAgent();

  it('may ask for its roles', () => {
    const environment = anEnvironment({ roles: manyRoles(3) });
    expectGolden(golden('ask-for-three-roles'), ask(agent, environment));
  });

  it('is bounded to its list of roles', () => {
    const environment = anEnvironment({ roles: manyRoles(3) });
    expectGolden(golden('boundary-of-an-agent-with-three-roles'), agentBoundary(agent, environment));
  });

  it('is bounded to the project’s path when the list does not fit', () => {
    const environment = anEnvironment({ roles: manyRoles(500) });
    expectGolden(golden('boundary-of-an-agent-with-500-roles'), agentBoundary(agent, environment));
  });

  it('is bounded to nothing at all when it opens no role by itself', () => {
    const environment = anEnvironment({ roles: [aRole({ gates: ['broker'] })] });
    expect(ask(agent, environment)).toEqual([]);
    expectGolden(golden('boundary-of-an-agent-without-roles'), agentBoundary(agent, environment));
  });

  it.each(Object.values(IDENTITIES))('of type $type is taken on by', (identity) => {
    expectGolden(golden(`agent-trust-${identity.type}`), agentTrust(anAgent({ identity }), anEnvironment()) ?? null);
  });

  it.each(
    PARTITIONS.flatMap(([partition, region]) =>
      Object.values(IDENTITIES)
        .filter(({ type }) => type !== 'iam-user' && type !== 'existing-role')
        .map((identity) => [partition, identity.type, region, identity] as const),
    ),
  )('in partition %s of type %s is taken on by', (partition, type, region, identity) => {
    const environment = anEnvironment({ partition, region });
    expectGolden(golden(`${partition}/agent-trust-${type}`), agentTrust(anAgent({ identity }), environment));
  });
});

describe('the broker', () => {
  const environment = anEnvironment({ roles: manyRoles(2, { gates: ['broker'] }) });

  it('may open the broker-gated roles', () => {
    expectGolden(golden('broker-permissions'), brokerPermissions(environment));
  });

  it('is bounded to them', () => {
    expectGolden(golden('broker-boundary'), brokerBoundary(environment));
  });

  it('is a Lambda function', () => {
    expectGolden(golden('broker-trust'), brokerTrust());
  });
});

it('the manifest of an environment', () => {
  const environment = anEnvironment({
    agents: [anAgent(), anAgent({ name: 'worker', identity: { type: 'lambda' } })],
    roles: [aReleaseRole({ gates: ['broker', 'mfa'], agents: ['agent', 'worker'] })],
  });
  expectGolden(golden('manifest'), manifest(environment));
});

it('the alert rules of an environment', () => {
  const alerts = { emails: [], trail: 'create', hours: { from: 0, to: 10 } } as const;
  const environment = anEnvironment({ alerts });
  for (const region of alertRegions(environment)) {
    expectGolden(golden(`alert-rules-${region}`), alertRules(environment, alerts, region));
  }
});
