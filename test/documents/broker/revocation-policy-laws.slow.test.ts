/** Laws of the policy that the broker writes: nothing in it permits anything, and it denies all that is revoked. */
import {
  type Denials,
  hasExactBoundary,
  NO_DENIALS,
  readRevocationPolicy,
  revocationPolicy,
  roleArn,
  roleBoundary,
  rolePolicy,
  rolesWithRevocationPolicy,
} from '@leasehold/documents';
import { checkSize, evaluate, many, type PolicyDocument, prepare, type Request } from '@leasehold/policy';
import fc from 'fast-check';
import type { Allow, Environment, Role } from '../../../lib/definitions/model';
import { document, documentsOf, plainStatement, question, type World } from '../../policy/evaluate-arbitraries';
import { aBrokerEnvironment, aBrokeredRole, anAuditRole, brokerRules } from '../../support/broker-environment';
import { manyRoles } from '../../support/environment';

const RUNS = { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300) };

const allow: fc.Arbitrary<Allow> = fc.record({
  actions: fc.uniqueArray(
    fc.constantFrom('s3:GetObject', 's3:Get*', 'S3:*', 's3:PutObject', 'kms:Decrypt', 'kms:*', 'sts:TagSession'),
    { minLength: 1, maxLength: 3 },
  ),
  resources: fc.uniqueArray(
    fc.constantFrom('*', 'arn:aws:s3:::a/*', 'arn:aws:s3:::a/1', 'arn:aws:s3:::a/${param.t}', 'arn:aws:kms:*:*:key/*'),
    { minLength: 1, maxLength: 2 },
  ),
  conditions: fc.constantFrom<Allow['conditions']>(
    {},
    {},
    { StringEquals: { 'aws:PrincipalTag/t': ['1'] } },
    { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['a'] } },
    { BoolIfExists: { 'aws:MultiFactorAuthPresent': ['true'] } },
  ),
});

const ASSUMED: Role['assumes'][number]['role'] = {
  name: 'r',
  arn: 'arn:aws:iam::111122223333:role/r',
  may: 'administrator',
  locate: aBrokeredRole().locate,
};

const role: fc.Arbitrary<Role> = fc
  .record({ allow: fc.array(allow, { maxLength: 3 }), deny: fc.array(allow, { maxLength: 1 }), assumes: fc.boolean() })
  .map(({ assumes, ...statements }) =>
    aBrokeredRole({
      ...statements,
      parameters: [],
      assumes: assumes ? [{ role: ASSUMED, because: 'A chain.' }] : [],
    }),
  );

const asked = question.filter(({ request }) => request.principal.kind === 'session');
const anything = fc.array(plainStatement, { minLength: 1, maxLength: 4 }).map(document);

/** Whether a session of a role may do something, with a document in the place of the revocation policy. */
function isAllowed(request: Request, world: World, bounded: { role: Role; boundary: unknown }, written: unknown) {
  const { identity: _, boundary: __, ...around } = documentsOf(world);
  const documents = { ...around, identity: [rolePolicy(bounded.role), written], boundary: bounded.boundary };
  return evaluate(request, prepare(documents)).outcome === 'allowed';
}

describe('the place that the broker may write to', () => {
  const nothing = revocationPolicy(NO_DENIALS, aBrokerEnvironment());

  /** Whether no document in the place permits what the empty one does not; over requests, policies and documents. */
  const onlySubtracts = (boundaryOf: (role: Role) => PolicyDocument) =>
    fc.property(role, asked, anything, (drawn, { request, world }, written) => {
      const bounded = { role: drawn, boundary: boundaryOf(drawn) };
      if (isAllowed(request, world, bounded, written)) {
        expect(isAllowed(request, world, bounded, nothing)).toBe(true);
      }
    });

  it('permits nothing, whatever is written there and whatever other policies say', () => {
    void fc.assert(
      onlySubtracts((drawn) => roleBoundary(drawn, aBrokerEnvironment())),
      RUNS,
    );
  });

  it('would permit something under the boundary that roles without it share', () => {
    expect(
      fc.check(
        onlySubtracts(() => roleBoundary()),
        { numRuns: 5000 },
      ).failed,
    ).toBe(true);
  });

  it('changes nothing as long as nothing is revoked', () => {
    void fc.assert(
      fc.property(role, asked, (drawn, { request, world }) => {
        const { identity: _, boundary: __, ...around } = documentsOf(world);
        const bounded = { ...around, boundary: roleBoundary(drawn, aBrokerEnvironment()) };
        const without = evaluate(request, prepare({ ...bounded, identity: [rolePolicy(drawn)] })).outcome;
        const withPolicy = evaluate(request, prepare({ ...bounded, identity: [rolePolicy(drawn), nothing] })).outcome;
        expect(withPolicy).toBe(without);
      }),
      RUNS,
    );
  });

  it('is on no role with a policy that AWS manages, whose boundary permits more than the role', () => {
    const audit = anAuditRole();
    const environment = aBrokerEnvironment({ roles: [aBrokeredRole(), audit] });
    expect(hasExactBoundary(audit)).toBe(false);
    expect(rolesWithRevocationPolicy(environment).map(({ name }) => name)).toEqual(['refund']);
  });

  it('is on no role whose boundary is not exact', () => {
    const large = aBrokeredRole({
      name: 'large',
      allow: manyRoles(90).flatMap((each) => each.allow),
    });
    const odd = aBrokeredRole({ name: 'odd', allow: [{ actions: ['*'], resources: ['*'], conditions: {} }] });
    const environment = aBrokerEnvironment({ roles: [aBrokeredRole(), large, odd] });
    expect(rolesWithRevocationPolicy(environment).map(({ name }) => name)).toEqual(['refund']);
    expect(roleBoundary(large, environment)).toBe(roleBoundary());
    const { broker: _, ...withoutBroker } = environment;
    expect(rolesWithRevocationPolicy(withoutBroker)).toEqual([]);
  });
});

const ROLES = manyRoles(120, { gates: ['broker'], broker: brokerRules() });
const ENVIRONMENT = aBrokerEnvironment({ roles: ROLES });

const roleNames = (maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...ROLES.map(({ name }) => name)), { maxLength });
const denials: fc.Arbitrary<Denials> = fc.record({
  leases: fc
    .uniqueArray(fc.tuple(fc.stringMatching(/^lh-[a-z2-7]{26}$/), fc.option(fc.constantFrom(...ROLES.slice(0, 4)))), {
      maxLength: 300,
      selector: ([lease]) => lease,
      size: 'max',
    })
    .map((leases) => new Map(leases.map(([lease, found]) => [lease, found?.name]))),
  roles: fc.oneof(roleNames(3), roleNames(120)).map((names) => new Set(names)),
  everything: fc.constantFrom(false, false, false, true),
});

describe('the document of the revocation policy', () => {
  const policiesOf = (written: PolicyDocument) => new Map(ROLES.map((each) => [each.name, prepared(each, written)]));
  const prepared = (each: Role, written: PolicyDocument) =>
    prepare({ identity: [rolePolicy(each), written], boundary: roleBoundary(each, ENVIRONMENT) });

  function canRead(each: Role, lease: string, policies: ReturnType<typeof prepare>, environment: Environment) {
    const request: Request = {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::hermes-dev-${each.name}/1.0/file`,
      principal: { kind: 'session', roleArn: roleArn(each, environment), sessionName: lease },
      context: { 'aws:PrincipalTag/lease-id': lease, 'aws:PrincipalTag/param.release': '1.0' },
    };
    return evaluate(request, policies).outcome === 'allowed';
  }

  it('fits, only denies, and denies every lease and role that is revoked', () => {
    void fc.assert(
      fc.property(denials, (revoked) => {
        const written = revocationPolicy(revoked, ENVIRONMENT);
        expect(checkSize('managed-policy', written).over).toBe(false);
        expect(many(written.Statement).every(({ Effect }) => Effect === 'Deny')).toBe(true);
        const policies = policiesOf(written);
        for (const each of ROLES) {
          const found = policies.get(each.name);
          if (found === undefined) throw new Error('no policies');
          if (revoked.everything || revoked.roles.has(each.name)) {
            expect(canRead(each, 'lh-other', found, ENVIRONMENT)).toBe(false);
          }
        }
        for (const [lease, name] of revoked.leases) {
          const each = ROLES.find((some) => some.name === name) ?? ROLES[0];
          const found = each && policies.get(each.name);
          if (each && found) expect(canRead(each, lease, found, ENVIRONMENT)).toBe(false);
        }
      }),
      { numRuns: Math.max(20, RUNS.numRuns / 10) },
    );
  });

  it('denies nothing else while it fits', () => {
    const few = fc.record({
      leases: fc.uniqueArray(fc.stringMatching(/^lh-[a-z2-7]{26}$/), { maxLength: 40 }),
      roles: roleNames(8),
    });
    void fc.assert(
      fc.property(few, ({ leases, roles }) => {
        const revoked = { leases: new Map(leases.map((lease) => [lease, 'task-0001'])), roles: new Set(roles) };
        const policies = policiesOf(revocationPolicy({ ...revoked, everything: false }, ENVIRONMENT));
        for (const each of ROLES.filter(({ name }) => !revoked.roles.has(name)).slice(0, 20)) {
          const found = policies.get(each.name);
          if (found) expect(canRead(each, 'lh-other', found, ENVIRONMENT)).toBe(true);
        }
      }),
      { numRuns: Math.max(20, RUNS.numRuns / 10) },
    );
  });

  it('gives the same bytes in any order, and is read as it was written', () => {
    void fc.assert(
      fc.property(denials, (revoked) => {
        const written = revocationPolicy(revoked, ENVIRONMENT);
        const reversed = {
          ...revoked,
          leases: new Map([...revoked.leases].reverse()),
          roles: new Set([...revoked.roles].reverse()),
        };
        expect(revocationPolicy(reversed, ENVIRONMENT)).toEqual(written);
        const read = readRevocationPolicy(written, ENVIRONMENT);
        expect(read && revocationPolicy(read, ENVIRONMENT)).toEqual(written);
      }),
      RUNS,
    );
  });

  it('denies whole roles where their leases do not fit, and everything where the roles do not fit', () => {
    const leases = (count: number, name: string | undefined) =>
      Array.from({ length: count }, (_, index) => [`lh-${name ?? 'none'}-${index}-abcdefghij`, name] as const);
    const written = (revoked: Partial<Denials>) =>
      JSON.stringify(revocationPolicy({ ...NO_DENIALS, ...revoked }, ENVIRONMENT));
    const many = new Map([...leases(200, 'task-0001'), ...leases(20, 'task-0002')]);
    expect(written({ leases: many })).toMatch(/lh-task-0002-0.*RevokedRoles.*task-0001"\]/);
    expect(written({ leases: many })).not.toContain('lh-task-0001-');
    const everything =
      '{"Version":"2012-10-17","Statement":[{"Sid":"EverythingRevoked","Effect":"Deny","Action":"*","Resource":"*"}]}';
    expect(written({ leases: new Map(leases(300, undefined)) })).toBe(everything);
    expect(written({ roles: new Set(ROLES.slice(1).map(({ name }) => name)) })).toBe(everything);
    expect(written({ roles: new Set(ROLES.map(({ name }) => name)) })).toBe(everything);
    expect(written({ everything: true })).toBe(everything);
  });

  it.each<readonly [string, (written: PolicyDocument) => unknown]>([
    ['an allow', (written) => ({ ...written, Statement: [...many(written.Statement), ALLOW] })],
    ['only an allow', (written) => ({ ...written, Statement: [ALLOW] })],
    [
      'a deny of another key',
      () => ({ Version: '2012-10-17', Statement: [{ Sid: 'Other', Effect: 'Deny', Action: '*', Resource: '*' }] }),
    ],
    ['another order', (written) => ({ ...written, Statement: [...many(written.Statement)].reverse() })],
    ['no statement', (written) => ({ ...written, Statement: [] })],
    [
      'another effect',
      (written) => ({ ...written, Statement: many(written.Statement).map((each) => ({ ...each, Effect: 'Allow' })) }),
    ],
  ])('is not read with %s', (_, change) => {
    const written = revocationPolicy({ ...NO_DENIALS, roles: new Set(['task-0001']) }, ENVIRONMENT);
    expect(readRevocationPolicy(change(written) as PolicyDocument, ENVIRONMENT)).toBeUndefined();
  });
});

const ALLOW = { Effect: 'Allow', Action: '*', Resource: '*' };
