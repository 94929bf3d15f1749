/** Roles with policies that AWS manages: no agent opens them, and the boundary limits every later text of AWS. */
import {
  agentArn,
  eligibility,
  eligibleAskers,
  explainLease,
  isForPeopleOnly,
  managedPowers,
  mfaAgents,
  roleBoundary,
  rolePolicy,
  trust,
} from '@leasehold/documents';
import {
  checkSize,
  evaluate,
  identityRead,
  loadCatalogue,
  needsNoPermission,
  type PolicyDocument,
  prepare,
} from '@leasehold/policy';
import fc from 'fast-check';
import { isEligible } from '../../lib/broker/rules';
import type { Environment, Role } from '../../lib/definitions/model';
import { aBrokerEnvironment, anAuditRole, brokerRules, SECURITY_AUDIT } from '../support/broker-environment';

const ADMINISTRATOR: PolicyDocument = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
const IDENTITY_SERVICES = ['account', 'iam', 'organizations', 'sts'];

describe('no agent can request such a role, whatever its definition says', () => {
  const agents = aBrokerEnvironment().agents.map(({ name }) => name);
  const some = <T>(values: readonly T[]) => fc.subarray([...values]);
  /** Guardrails and the schema refuse most of these; each layer must refuse on its own. */
  const roles = fc
    .record({
      gates: some(['broker', 'mfa'] as const),
      agents: some(agents),
      eligible: some(agents),
      group: fc.boolean(),
    })
    .map(
      ({ gates, agents: named, eligible, group }): Role =>
        anAuditRole({
          gates,
          agents: named,
          ...(gates.includes('broker')
            ? { broker: brokerRules({ humans: 0, eligible: { agents: eligible, groups: group ? ['staff'] : [] } }) }
            : {}),
        }),
    );
  const environmentOf = (role: Role): Environment => aBrokerEnvironment({ roles: [role] });

  test('by the trust policy, by the list of who may ask, by the broker', async () => {
    await fc.assert(
      fc.asyncProperty(roles, fc.constantFrom(...agents), async (role, name) => {
        const environment = environmentOf(role);
        const agent = environment.agents.find((each) => each.name === name);
        if (agent === undefined) throw new Error(name);
        expect(mfaAgents(role, environment)).toEqual([]);
        expect(JSON.stringify(trust(role, environment))).not.toContain(agentArn(agent, environment));
        expect(eligibility(role, name, environment)?.eligible).toBe(false);
        expect(eligibleAskers(role, environment).filter((asker) => agents.includes(asker))).toEqual([]);
        const { broker } = role;
        if (broker !== undefined) {
          const { humans, windowSeconds: window, reviewer, eligible } = broker;
          const brokered = { role, environment, humans, window, reviewer, eligible, bindings: {} };
          const requester = {
            kind: 'agent',
            name,
            key: `${environment.account} user/agents/${name}`,
            groups: ['staff'],
          } as const;
          expect(isEligible(brokered, requester)).toBe(false);
        }
        for (const mfa of [true, false]) {
          expect((await explainLease({ role, environment, agent, mfa })).allowed).toBe(false);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('and a person of an eligible group can', async () => {
    const role = anAuditRole();
    const environment = environmentOf(role);
    expect(isForPeopleOnly(role)).toBe(true);
    expect(eligibleAskers(role, environment)).toEqual(['ada', 'alice']);
  });
});

describe('the boundary, should AWS change the policy to AdministratorAccess', () => {
  const role = anAuditRole();
  const environment = aBrokerEnvironment({
    roles: [role],
    backend: { type: 's3', bucket: 'state', key: 'hermes/dev.tfstate', region: 'ap-northeast-2' },
  });
  const boundary = roleBoundary(role, environment);
  const policies = prepare({ identity: [rolePolicy(role), ADMINISTRATOR], boundary });
  const principal = {
    kind: 'session',
    roleArn: 'arn:aws:iam::123456789012:role/leasehold/a',
    sessionName: 'lh-1',
  } as const;
  const outcome = (action: string, resource = '*') =>
    evaluate({ action, resource, principal, context: {} }, policies).outcome;

  test('lets no identity, organization or session be changed, and lets all of them be read', async () => {
    const catalogue = await loadCatalogue(IDENTITY_SERVICES);
    const actions = IDENTITY_SERVICES.flatMap((service) => catalogue.expand(`${service}:*`)).map(({ id }) => id);
    const wrong = actions.filter((id) => {
      if (needsNoPermission(id) || id === 'sts:GetScopedCredentials') return false;
      return outcome(id) !== (identityRead(id) ? 'allowed' : 'explicitly denied');
    });
    expect(wrong).toEqual([]);
    expect(actions.length).toBeGreaterThan(250);
  });

  const OWN = 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/hermes-dev-lease-events';
  test.each([
    ['dynamodb:GetItem', OWN, false],
    ['dynamodb:Query', `${OWN}/index/role`, false],
    ['dynamodb:Scan', 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/hermes-dev-broker-projections', false],
    ['dynamodb:GetItem', 'arn:aws:dynamodb:ap-northeast-2:123456789012:table/orders', true],
    [
      'secretsmanager:GetSecretValue',
      'arn:aws:secretsmanager:ap-northeast-2:123456789012:secret:leasehold/hermes-dev/reviewer-AbCdEf',
      false,
    ],
    ['s3:GetObject', 'arn:aws:s3:::state/hermes/dev.tfstate', false],
    ['s3:GetObject', 'arn:aws:s3:::state/hermes/dev.tfstate.tflock', false],
    ['s3:GetObject', 'arn:aws:s3:::state/other', true],
    ['sts:GetScopedCredentials', '*', true],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(outcome(action, resource)).toBe(allowed ? 'allowed' : 'explicitly denied');
  });

  test('fits', () => expect(checkSize('permissions-boundary', boundary).over).toBe(false));
});

test('a policy whose text is not known counts as one that permits everything', () => {
  const unknown = [{ arn: 'arn:aws:iam::aws:policy/Unheard', because: 'Audits.' }];
  expect(managedPowers(anAuditRole({ managedPolicies: unknown }))).toEqual([
    { actions: ['*'], resources: ['*'], conditions: {} },
  ]);
  expect(managedPowers(anAuditRole({ managedPolicies: [{ arn: SECURITY_AUDIT, because: 'Audits.' }] })).length).toBe(2);
});
