/** Whatever a lease for one call permits, the role permitted before its actions had `perCall`. */
import { rolePolicy } from '@leasehold/documents';
import { evaluate, type Policies, prepare } from '@leasehold/policy';
import fc from 'fast-check';
import type { Allow } from '../../lib/definitions/model';
import { callRole, readPerCall } from '../../lib/definitions/resolve-per-call';
import { aRole } from '../support/environment';

const BUCKET = 'arn:aws:s3:::files';
const ACTIONS = ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'];
const VALUES = ['a', 'b', 'a/x', 'b/x'];
const principal = {
  kind: 'session',
  roleArn: 'arn:aws:iam::123456789012:role/leasehold/files',
  sessionName: 'lh-1',
} as const;

const statements = fc.array(
  fc.record<Allow>({
    actions: fc.subarray([...ACTIONS, 's3:Get*'], { minLength: 1 }),
    resources: fc.constantFrom(
      [`${BUCKET}/*`],
      [`${BUCKET}/a*`],
      [`${BUCKET}/a`],
      [`${BUCKET}/a`, `${BUCKET}/b`],
      [`${BUCKET}/b`, `${BUCKET}/a`],
    ),
    conditions: fc.constantFrom({}, { Bool: { 'aws:SecureTransport': ['true'] } }),
  }),
  { minLength: 1, maxLength: 3 },
);
const roles = fc.record({
  allow: statements,
  deny: fc.oneof(fc.constant([]), statements),
  perCall: fc.subarray(ACTIONS, { minLength: 1 }),
});

const permits = (policies: Policies, action: string, resource: string, context: Record<string, string>) =>
  evaluate({ action, resource, principal, context }, policies).outcome === 'allowed';

it('permits nothing that the role did not', () => {
  let permitted = 0;
  fc.assert(
    fc.property(roles, ({ allow, deny, perCall }) => {
      const read = readPerCall({ name: 'files', perCall }, allow);
      if (read === undefined || 'complaint' in read) return;
      const before = aRole({ name: 'files', parameters: [], allow, deny });
      const ownDeny = { actions: read.actions, resources: ['*'], conditions: {} };
      const call = callRole({ ...before, deny: [...deny, ownDeny], perCall: read });
      if (call === undefined) throw new Error('a role with `perCall` has no role for its calls');
      const [after, earlier] = [call, before].map((role) => prepare({ identity: [rolePolicy(role)] })) as [
        Policies,
        Policies,
      ];
      const { values } = read;
      for (const value of values ?? VALUES) {
        for (const action of ACTIONS) {
          for (const secure of ['true', 'false']) {
            const context = { 'aws:SecureTransport': secure, 'aws:PrincipalTag/param.call': value };
            for (const key of VALUES) {
              if (!permits(after, action, `${BUCKET}/${key}`, context)) continue;
              permitted += 1;
              const wanted = permits(earlier, action, `${BUCKET}/${key}`, context);
              expect([action, key, secure, wanted]).toEqual([action, key, secure, true]);
            }
          }
        }
      }
    }),
  );
  expect(permitted).toBeGreaterThan(0);
});
