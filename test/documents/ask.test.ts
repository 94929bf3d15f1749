/** Asking: what an agent of any size is allowed, and what its boundary leaves it. */

import { agentBoundary, ask, brokerBoundary, brokerPermissions, roleArn } from '@leasehold/documents';
import * as fc from 'fast-check';
import type { Environment } from '../../lib/definitions/model';
import { many, type PolicyDocument, type Statement } from '../../lib/policy/document';
import { anAgent, anEnvironment, aRole, manyRoles } from '../support/environment';

/** Characters of a managed policy, which a boundary is too: white space is not counted, and none is written. */
const MANAGED_POLICY = 6144;
/** Managed policies on a user or role, by default. */
const ATTACHED = 10;

const SIZES = [1, 25, 26, 70, 71, 200, 500];

describe.each(SIZES)('an agent with %i roles', (count) => {
  const environment = anEnvironment({ roles: manyRoles(count) });
  const documents = ask(anAgent(), environment);

  it('may ask for exactly them, in order', () => {
    expect(documents.flatMap(resources)).toEqual(arns(environment));
  });

  it('needs no more policies than may be attached, each within its quota', () => {
    expect(documents.length).toBeLessThanOrEqual(ATTACHED);
    for (const document of documents) expect(size(document)).toBeLessThanOrEqual(MANAGED_POLICY);
  });

  it('has no policy that would have fitted into the one before', () => {
    documents.forEach((document, index) => {
      const next = documents[index + 1];
      const first = next && resources(next)[0];
      if (first !== undefined) expect(size(document) + first.length + 3).toBeGreaterThan(MANAGED_POLICY);
    });
  });

  it('has a boundary within its quota', () => {
    expect(size(agentBoundary(anAgent(), environment))).toBeLessThanOrEqual(MANAGED_POLICY);
  });
});

describe('the boundary of an agent', () => {
  it('lists the roles for as long as the list fits, then names their path', () => {
    const reaches = (count: number) => denied(agentBoundary(anAgent(), anEnvironment({ roles: manyRoles(count) })));
    const path = ['arn:aws:iam::123456789012:role/leasehold/hermes-dev/*'];
    let last = 0;
    while (reaches(last + 1).length === last + 1 && reaches(last + 1)[0] !== path[0]) last += 1;
    expect(last).toBeGreaterThanOrEqual(70);
    expect(reaches(last + 1)).toEqual(path);
    expect(reaches(500)).toEqual(path);
  });

  it('speaks of its own roles and no other agent’s', () => {
    const environment = anEnvironment({
      agents: [anAgent(), anAgent({ name: 'other' })],
      roles: [
        aRole({ name: 'mine' }),
        aRole({ name: 'shared', agents: ['agent', 'other'] }),
        aRole({ agents: ['other'] }),
      ],
    });
    const own = ['mine', 'shared'].map(
      (name) => `arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-${name}`,
    );
    expect(denied(agentBoundary(anAgent(), environment))).toEqual(own);
    expect(ask(anAgent(), environment).flatMap(resources)).toEqual(own);
  });

  it.each([
    ['its roles open by broker only', anEnvironment({ roles: [aRole({ gates: ['broker'] })] })],
    ['it has no role', anEnvironment({ roles: [aRole({ agents: ['somebody-else'] })] })],
    ['it is a workload, which has no MFA', anEnvironment({ agents: [anAgent({ identity: { type: 'lambda' } })] })],
  ])('leaves it nothing at all when %s', (_, environment) => {
    expect(ask(anAgent(), environment)).toEqual([]);
    expect(agentBoundary(anAgent(), environment).Statement).toEqual([
      { Sid: 'NothingAtAll', Effect: 'Deny', Action: '*', Resource: '*' },
    ]);
  });
});

describe('the broker', () => {
  it.each(SIZES)('with %i roles stays within its quotas too', (count) => {
    const environment = anEnvironment({ roles: manyRoles(count, { gates: ['broker'] }) });
    const documents = brokerPermissions(environment);
    expect(documents.flatMap(resources)).toEqual(arns(environment));
    expect(documents.length).toBeLessThanOrEqual(ATTACHED);
    for (const document of [...documents, brokerBoundary(environment)]) {
      expect(size(document)).toBeLessThanOrEqual(MANAGED_POLICY);
    }
  });
});

it('property: whatever the names, the policies list every role once and fit', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,51}$/);
  void fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 400 }), (names) => {
      const environment = anEnvironment({ roles: names.map((role) => aRole({ name: role })) });
      const documents = ask(anAgent(), environment);
      expect(documents.flatMap(resources)).toEqual(arns(environment));
      for (const document of [...documents, agentBoundary(anAgent(), environment)]) {
        expect(size(document)).toBeLessThanOrEqual(MANAGED_POLICY);
      }
    }),
    { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) },
  );
});

function arns(environment: Environment): readonly string[] {
  return environment.roles.map((role) => roleArn(role, environment));
}

function resources(document: PolicyDocument): readonly string[] {
  return many<Statement>(document.Statement).flatMap(({ Resource }) => many(Resource));
}

/** What the explicit deny leaves open: the resources outside which asking is denied. */
function denied(document: PolicyDocument): readonly string[] {
  return many<Statement>(document.Statement)
    .filter(({ Effect }) => Effect === 'Deny')
    .flatMap(({ NotResource }) => many(NotResource));
}

/** Characters as AWS counts them, which leaves white space out; a document written on one line has none to leave out. */
function size(document: PolicyDocument): number {
  return JSON.stringify(document).length;
}
