/** The probes use the documents that Leasehold deploys: their paths differ, and nothing else. */
import { agentBoundary, ask, brokerPermissions, rolePolicy, trust } from '@leasehold/documents';
import { type PolicyDocument, parsePolicy } from '@leasehold/policy';
import {
  definedRole,
  PROBE_PATH,
  type ProbeScope,
  probeEnvironment,
  type RoleKey,
} from '../../lib/conformance/identities/definitions';
import { isProbeName } from '../../lib/conformance/identities/ledger';
import { plannedRole, probePlan } from '../../lib/conformance/identities/plan';
import { relocated } from '../../lib/conformance/identities/relocate';
import { MFA_KEYS, withCondition, withoutKeys } from '../../lib/conformance/identities/variants';

const SCOPE: ProbeScope = {
  account: '123456789012',
  region: 'eu-west-1',
  run: 'lhp0123456789abcdef',
  partition: 'aws',
  bucket: 'team-data',
  table: { name: 'orders', key: 'customer' },
};
const environment = probeEnvironment(SCOPE);
const plan = probePlan(SCOPE);

/** A document as it is deployed: the probes' path replaced by the deployed ones. */
function movedBack(document: PolicyDocument): unknown {
  return JSON.parse(
    JSON.stringify(document)
      .replaceAll(`:user${PROBE_PATH}`, ':user/agents/')
      .replaceAll(
        `:role${PROBE_PATH}lhp0123456789abcdef-p-broker`,
        ':role/leasehold-broker/lhp0123456789abcdef-p-broker',
      )
      .replaceAll(`:role${PROBE_PATH}`, ':role/leasehold/lhp0123456789abcdef-p/'),
  );
}

const plainly = (document: unknown) => JSON.parse(JSON.stringify(document));

it.each(['mfa', 'named', 'revoked', 'shut', 'chain', 'listing', 'customer'] as const)(
  'the trust policy of %s is the deployed one',
  (key) => {
    expect(movedBack(plannedRole(plan, key).trust)).toEqual(plainly(trust(definedRole(environment, key), environment)));
  },
);

it.each(['mfa', 'lease', 'named', 'revoked', 'shut', 'listing', 'customer'] as const)(
  'the policy of %s is the deployed one',
  (key) => {
    expect(plainly(plannedRole(plan, key).policy)).toEqual(plainly(rolePolicy(definedRole(environment, key))));
  },
);

it('the identities of agent and broker have the deployed policies', () => {
  const statements = (documents: readonly PolicyDocument[]) => documents.flatMap(({ Statement }) => Statement);
  const [agent] = environment.agents;
  if (agent === undefined) throw new Error('no agent');
  expect(movedBack(plan.agent.policy)).toMatchObject({ Statement: plainly(statements(ask(agent, environment))) });
  expect(movedBack(plan.broker.policy)).toMatchObject({
    Statement: plainly(statements(brokerPermissions(environment))),
  });
  const boundary = plan.policies.find(({ name }) => name === plan.agent.boundary);
  expect(boundary && movedBack(boundary.document)).toEqual(plainly(agentBoundary(agent, environment)));
});

it('the variants differ from the deployed trust policy in the conditions that they are about', () => {
  const conditions = (key: RoleKey) => {
    const [first] = [plannedRole(plan, key).trust.Statement].flat();
    return Object.entries(first?.Condition ?? {}).flatMap(([operator, block]) =>
      Object.entries(block).map(([name, value]) => `${operator} ${name} ${JSON.stringify(value)}`),
    );
  };
  const differences = (key: RoleKey, from: RoleKey) => ({
    without: conditions(from).filter((each) => !conditions(key).includes(each)),
    with: conditions(key).filter((each) => !conditions(from).includes(each)),
  });
  const mfa = [
    'Bool aws:MultiFactorAuthPresent "true"',
    'Null aws:TokenIssueTime "true"',
    'NumericLessThanIfExists aws:MultiFactorAuthAge "300"',
  ];
  expect(differences('mfa-control', 'mfa')).toEqual({ without: mfa, with: [] });
  expect(differences('code-age', 'mfa')).toEqual({
    without: mfa.slice(1),
    with: ['NumericLessThan aws:MultiFactorAuthAge "60"'],
  });
  expect(differences('age-absent', 'mfa')).toEqual({
    without: mfa.slice(1),
    with: ['Null aws:MultiFactorAuthAge "true"'],
  });
  expect(differences('lease', 'named')).toEqual({
    without: ['StringEquals sts:RoleSessionName "${aws:RequestTag/lease-id}"'],
    with: [],
  });
});

it('every identity is at the path, has a boundary that ends in a deny of everything else, and a name of the run', () => {
  const identities = [plan.agent, plan.operator, plan.broker, ...plan.roles];
  for (const { name, arn, boundary } of identities) {
    expect(arn).toContain(`${PROBE_PATH}${name}`);
    expect(isProbeName(name)).toBe(true);
    const document = plan.policies.find((policy) => policy.name === boundary)?.document;
    const denies = [document?.Statement ?? []].flat().filter(({ Effect }) => Effect === 'Deny');
    expect({ name, denies: denies.filter(({ NotAction }) => NotAction !== undefined).length }).toEqual({
      name,
      denies: 1,
    });
  }
  for (const { name } of plan.policies) expect(isProbeName(name)).toBe(true);
  for (const name of plan.devices) expect(isProbeName(name)).toBe(true);
});

it.each([
  'alice',
  'lhp-p-agent',
  'lhp0123456789abcde-p-agent',
  'lhp0123456789ABCDEF-p-agent',
  'lhp0123456789abcdef',
  'xlhp0123456789abcdef-1',
  'lhp0123456789abcdef-p-agent/x',
])('%s is not the name of a run’s identity', (name) => {
  expect(isProbeName(name)).toBe(false);
});

it('a variant changes only what it says, and is a policy', () => {
  const deployed = relocated(trust(definedRole(environment, 'mfa'), environment), environment);
  expect(withoutKeys(deployed, [])).toEqual(deployed);
  for (const variant of [
    withoutKeys(deployed, MFA_KEYS),
    withCondition(deployed, 'Null', 'aws:MultiFactorAuthAge', 'true'),
  ]) {
    expect(() => parsePolicy(variant, 'trust')).not.toThrow();
    expect([variant.Statement].flat()[1]).toEqual([deployed.Statement].flat()[1]);
  }
});
