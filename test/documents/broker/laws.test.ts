/** Laws of the documents of a broker, over environments of any size. */

import {
  agentBoundary,
  ask,
  brokerBoundary,
  brokerPermissions,
  isBrokered,
  PERSON_KINDS,
  personBoundary,
  personPermissions,
  personTrust,
  recordKeyPolicy,
  roleArn,
  rolePolicy,
  trust,
} from '@leasehold/documents';
import { evaluate, type PolicyDocument, prepare, type Statement } from '@leasehold/policy';
import * as fc from 'fast-check';
import type { Broker, Environment, Reviewer } from '../../../lib/definitions/model';
import { many } from '../../../lib/policy/document';
import { aBroker, aBrokerEnvironment, aBrokeredRole, brokerRules } from '../../support/broker-environment';
import { anAgent, aRole, manyRoles } from '../../support/environment';

/** Each builds every document of hundreds of roles, so a twentieth of the runs of a smaller law. */
const RUNS = { numRuns: Math.max(20, Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) / 20) };
/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MOST = { managed: 6144, attached: 10, trust: 2048, inline: 10_240 };
/** Roles for which the policies of the function still list each role for each of its powers. */
const LISTED = 250;

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}[a-z0-9]$/);
const reviewer: fc.Arbitrary<Reviewer | undefined> = fc.constantFrom<Reviewer | undefined>(
  undefined,
  { provider: 'bedrock', model: 'amazon.nova-pro-v1:0', region: 'us-east-1', timeoutSeconds: 10 },
  { provider: 'bedrock', model: 'us-gov.anthropic.claude-v1:0', region: 'us-gov-west-1', timeoutSeconds: 10 },
  { provider: 'anthropic', model: 'm', endpoint: 'https://a.example', key: true, timeoutSeconds: 10 },
  { provider: 'openai', model: 'm', endpoint: 'https://o.example', key: false, timeoutSeconds: 10 },
);

/** Environments with a broker and up to so many brokered roles among others. */
const environments = (maxLength: number) =>
  fc
    .record({
      names: fc.uniqueArray(name, { minLength: 1, maxLength }),
      project: fc.stringMatching(/^[a-z]{1,12}$/),
      place: fc.constantFrom(
        { partition: 'aws', region: 'ap-northeast-2' } as const,
        { partition: 'aws-cn', region: 'cn-north-1' } as const,
        { partition: 'aws-us-gov', region: 'us-gov-west-1' } as const,
      ),
      reviewer,
    })
    .map(({ names, project, place, reviewer: model }): Environment => {
      const { reviewer: _, ...rest } = aBroker();
      const broker: Broker = model === undefined ? rest : { ...rest, reviewer: model };
      const roles = names.map((role, index) =>
        index % 5 === 4 ? aRole({ name: role }) : aBrokeredRole({ name: role, broker: brokerRules() }),
      );
      return aBrokerEnvironment({ project, ...place, broker, roles });
    });

describe('whatever the definitions', () => {
  it('every document fits, and as many as may be attached', () => {
    void fc.assert(
      fc.property(environments(400), (environment) => {
        const managed = [
          ...brokerPermissions(environment),
          brokerBoundary(environment),
          ...environment.agents.flatMap((agent) => [agentBoundary(agent, environment), ...ask(agent, environment)]),
          ...PERSON_KINDS.flatMap((kind) => [
            personBoundary(kind, environment),
            ...personPermissions(kind, environment),
          ]),
        ];
        for (const document of managed) expect(size(document)).toBeLessThanOrEqual(MOST.managed);
        expect(brokerPermissions(environment).length).toBeLessThanOrEqual(MOST.attached);
        for (const kind of PERSON_KINDS) expect(size(personTrust(kind, environment))).toBeLessThanOrEqual(MOST.trust);
        for (const role of environment.roles.slice(0, 3)) {
          expect(size(trust(role, environment))).toBeLessThanOrEqual(MOST.trust);
          expect(size(rolePolicy(role))).toBeLessThanOrEqual(MOST.inline);
        }
      }),
      RUNS,
    );
  });

  it('the function opens exactly the brokered roles, and takes back exactly theirs while they can be listed', () => {
    void fc.assert(
      fc.property(environments(LISTED), (environment) => {
        const brokered = environment.roles.filter(isBrokered).map((role) => roleArn(role, environment));
        expect(resourcesOf(environment, 'sts:AssumeRole')).toEqual(brokered);
        expect(resourcesOf(environment, 'sts:TagSession')).toEqual(brokered);
        expect(resourcesOf(environment, 'iam:ListRoleTags')).toEqual(brokered);
        expect(resourcesOf(environment, 'iam:TagRole')).toEqual(brokered);
      }),
      RUNS,
    );
  });

  it('tagging names the roles’ path where listing them would need more policies than a role takes', () => {
    const environment = aBrokerEnvironment({ roles: manyRoles(500, { gates: ['broker'], broker: brokerRules() }) });
    const path = ['arn:aws:iam::123456789012:role/leasehold/hermes-dev/*'];
    expect(resourcesOf(environment, 'iam:TagRole')).toEqual(path);
    expect(resourcesOf(environment, 'sts:AssumeRole')).toHaveLength(500);
    expect(
      statementsOf([brokerBoundary(environment)]).find(({ Sid }) => Sid === 'OnlyTheseRoles')?.NotResource,
    ).toEqual(path);
  });

  it('the boundary of the function stands in the way of nothing that its policies allow', () => {
    void fc.assert(
      fc.property(environments(120), (environment) => {
        const policies = brokerPermissions(environment);
        const bounded = { identity: policies, boundary: brokerBoundary(environment) };
        const prepared = prepare({ ...bounded, trust: trustOf(environment) });
        const withoutTrust = prepare(bounded);
        const withKey = prepare({ ...bounded, resource: recordKeyPolicy(environment) });
        for (const { action, resource, context } of powersOf(policies)) {
          const asked = { action, resource, principal: principalOf(environment), context };
          const { outcome } = evaluate(asked, { sts: prepared, kms: withKey }[action.slice(0, 3)] ?? withoutTrust);
          expect({ action, resource, outcome }).toEqual({ action, resource, outcome: 'allowed' });
        }
      }),
      RUNS,
    );
  });
});

describe('a broker that is not there', () => {
  it('changes nothing of what agents may do', () => {
    const { broker: _, ...without } = aBrokerEnvironment({ roles: manyRoles(3, { broker: brokerRules() }) });
    expect(JSON.stringify(ask(anAgent(), without))).not.toContain('execute-api');
    expect(JSON.stringify(agentBoundary(anAgent(), without))).not.toContain('execute-api');
  });
});

/** Characters as AWS counts them; a document written on one line has no white space. */
function size(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}

function statementsOf(documents: readonly PolicyDocument[]): readonly Statement[] {
  return documents.flatMap(({ Statement }) => many<Statement>(Statement));
}

/** Resources on which the function's policies allow an action, in order. */
function resourcesOf(environment: Environment, action: string): readonly string[] {
  return statementsOf(brokerPermissions(environment))
    .filter(({ Action }) => many(Action).includes(action))
    .flatMap(({ Resource }) => many(Resource));
}

/** One request for each action and resource of each statement, under just its conditions. */
function powersOf(documents: readonly PolicyDocument[]) {
  return statementsOf(documents).flatMap(({ Action, Resource, Condition = {} }) =>
    many(Action).flatMap((action) =>
      many(Resource).map((resource) => ({
        action,
        resource: resource === '*' ? '*' : resource.replaceAll('*', 'any').replaceAll('?', 'x'),
        context: contextOf(Condition),
      })),
    ),
  );
}

/** A context that meets these conditions. */
function contextOf(conditions: NonNullable<Statement['Condition']>): Record<string, string | string[]> {
  const context: Record<string, string | string[]> = {};
  for (const [operator, keys] of Object.entries(conditions)) {
    if (operator === 'Null') continue;
    for (const [key, values] of Object.entries(keys)) {
      const value = String(many(values)[0]).replaceAll('*', '1');
      context[key] = /^For(All|Any)Values:/.test(operator) ? [value] : value;
    }
  }
  return context;
}

function principalOf({ partition, account, project, name: environment }: Environment) {
  const roleName = `${project}-${environment}-broker`;
  return {
    kind: 'session',
    roleArn: `arn:${partition}:iam::${account}:role/leasehold-broker/${roleName}`,
    sessionName: 'broker',
  } as const;
}

/** A trust that lets the function do what its own policies allow. */
function trustOf(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: principalOf(environment).roleArn },
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
      },
    ],
  };
}
