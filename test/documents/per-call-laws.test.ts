/** A role for single calls never permits more than the role from which it is derived. */
import { permissions } from '@leasehold/documents';
import { evaluate, insideEnvelope, prepare } from '@leasehold/policy';
import * as fc from 'fast-check';
import type { Allow, Parameter, Role } from '../../lib/definitions/model';
import { ParameterPattern } from '../../lib/definitions/parameter-alphabet';
import { callDeny, callRole, readPerCall } from '../../lib/definitions/resolve-per-call';
import { aRole } from '../support/environment';

const BUCKET = 'arn:aws:s3:::hermes-dev-deploy';
const ACTIONS = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObject'] as const;
const RELEASE: Parameter = { name: 'release', description: 'One.', pattern: new ParameterPattern('[ab]') };

const resources = fc.oneof(
  fc.constantFrom([`${BUCKET}/\${param.release}/*`], [`${BUCKET}/a*`], [BUCKET]),
  fc.subarray([`${BUCKET}/a`, `${BUCKET}/b`, `${BUCKET}/c`], { minLength: 1 }),
  fc.subarray([`${BUCKET}/\${param.release}/a`, `${BUCKET}/\${param.release}/b`], { minLength: 1 }),
);
const conditions = fc.constantFrom<Allow['conditions']>(
  {},
  {},
  { Bool: { 'aws:SecureTransport': ['true'] } },
  { StringEquals: { 'aws:PrincipalTag/param.release': ['a'] } },
  { StringNotEquals: { 'aws:PrincipalTag/param.release': ['a'] } },
  { StringLike: { 'aws:PrincipalTag/param.call': ['*'] } },
  { StringNotEquals: { 'aws:principaltag/param.CALL': ['b'] } },
);
const statement = fc.record<Allow>({
  actions: fc.oneof(fc.subarray(['s3:Delete*', ...ACTIONS], { minLength: 1 }), fc.constant(['S3:deleteobject'])),
  resources,
  conditions,
});
const role = fc
  .record({
    allow: fc.oneof(
      // Often the same resources in all statements, so that a role for single calls can be derived.
      fc
        .tuple(resources, fc.array(statement, { minLength: 1, maxLength: 3 }))
        .map(([same, statements]) => statements.map((each) => ({ ...each, resources: same }))),
      fc.array(statement, { minLength: 1, maxLength: 3 }),
    ),
    deny: fc.array(statement, { maxLength: 2 }),
    perCall: fc.subarray([...ACTIONS], { minLength: 1 }),
  })
  .map(({ allow, deny, perCall }): Role | undefined => {
    const read = readPerCall({ name: 'files', perCall }, { allow, deny });
    if (read === undefined || 'complaint' in read) return undefined;
    return aRole({ name: 'files', allow, deny: [...deny, callDeny(read)], perCall: read, parameters: [RELEASE] });
  })
  .filter((each) => each !== undefined);

/** A text that may name another resource of the role, or one that the role does not have. */
const anyCall = fc.oneof(
  fc.constantFrom('a', 'b', 'c', 'a/b', '/', '../a'),
  fc.stringMatching(/^[A-Za-z0-9 _.:/=+\-@]{1,20}$/),
);

const PRINCIPAL = {
  kind: 'session',
  roleArn: 'arn:aws:iam::123456789012:role/hermes-dev-files',
  sessionName: 'lh-1',
} as const;

/** Whether a lease of a role permits a call. The lease has only the tags of the role's own parameters. */
function permits(lease: Role, tags: Tags, action: string, resource: string, secure: string): boolean {
  const own = lease.parameters.map(({ name }) => [`aws:PrincipalTag/param.${name}`, tags[name] ?? '']);
  const context = { ...Object.fromEntries(own), 'aws:SecureTransport': secure };
  const request = { action, resource, principal: PRINCIPAL, context };
  return evaluate(request, prepare({ identity: [permissions(lease)] })).outcome === 'allowed';
}

type Tags = Readonly<Record<'call' | 'release', string>> & Readonly<Record<string, string>>;

it('whatever the statements and the parameters, the role permits what its role for single calls permits', () => {
  let permitted = 0;
  void fc.assert(
    fc.property(role, fc.constantFrom('a', 'b'), anyCall, fc.nat(), (of, release, any, index) => {
      const derived = callRole(of);
      if (derived === undefined || of.perCall === undefined) throw new Error('There is no role for single calls.');
      const { resource, values } = of.perCall;
      const call = values === undefined ? any : (values[index % values.length] ?? any);
      const tags: Tags = { call, release };
      const written = { ...of, deny: of.deny.slice(0, -1) };
      const exact = resource.replaceAll(/\$\{param\.(\w+)\}/g, (_, name: string) => tags[name] ?? '');
      for (const action of ACTIONS) {
        for (const at of [exact, `${BUCKET}/a`, `${BUCKET}/b`, `${BUCKET}/c`, `${BUCKET}/b/a`]) {
          for (const secure of ['true', 'false']) {
            if (!permits(derived, tags, action, at, secure)) continue;
            permitted += 1;
            expect({ action, at, secure, permits: permits(written, tags, action, at, secure) }).toMatchObject({
              permits: true,
            });
          }
        }
      }
      // The same, for all requests of sessions with both tags.
      const given = { 'aws:PrincipalTag/param.call': call, 'aws:PrincipalTag/param.release': release };
      expect(insideEnvelope(permissions(derived), permissions(written), { given })).toEqual({ kind: 'inside' });
    }),
  );
  expect(permitted).toBeGreaterThan(0);
});
