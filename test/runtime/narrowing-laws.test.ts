/** Laws of narrowing: whatever is named, what is left was allowed before. */

import { within } from '@leasehold/contract/permission';
import { evaluate, prepare } from '@leasehold/policy';
import { LeaseError, type Permission } from '@leasehold/runtime';
import fc from 'fast-check';
import { narrowed, sessionPolicy } from '../../runtime/src/narrowing';
import { atLeastOf } from '../support/usual-counts';

const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500);

const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 6 });
const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*', '?'), maxLength: 6 });

/** IAM's own matching, by a regular expression. */
function matches(text: string, glob: string): boolean {
  return new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}

it('a pattern within another matches nothing that the other does not', () => {
  fc.assert(
    fc.property(pattern, pattern, fc.array(letters, { minLength: 20, maxLength: 20 }), (inner, outer, texts) => {
      fc.pre(within(inner, outer));
      for (const text of texts) if (matches(text, inner)) expect(matches(text, outer)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

it('a pattern without stars is within every pattern that matches it, and itself', () => {
  fc.assert(
    fc.property(letters, pattern, (text, glob) => {
      expect(within(text, glob)).toBe(matches(text, glob));
      expect(within(glob, glob)).toBe(true);
      expect(within(glob, '*')).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

it.each([
  ['a*', 'a*', true],
  ['a*b', 'a*', true],
  ['a*', 'a*b', false],
  ['a?', 'a*', true],
  ['a*', 'a?', false],
  ['?', '?', true],
  ['*', '?*', false],
  ['**', '*', true],
  ['1.4.2/docs/*', '1.4.2/*', true],
  ['1.4.20/*', '1.4.2/*', false],
  ['', '', true],
  ['', '**', true],
  ['a', '', false],
])('%s is within %s: %s', (inner, outer, expected) => {
  expect(within(inner, outer)).toBe(expected);
});

const PREFIX = 'arn:aws:s3:::';
const actions = fc.uniqueArray(fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:DeleteObject'), {
  minLength: 1,
  maxLength: 3,
});
const resources = fc.uniqueArray(
  pattern.map((text) => `${PREFIX}${text}`),
  { minLength: 1, maxLength: 3 },
);
const condition = fc.constantFrom<Permission['conditions']>(
  {},
  { StringEquals: { 'aws:RequestedRegion': ['eu-west-1'] } },
);
const permission: fc.Arbitrary<Permission> = fc.record({
  effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Allow' as const, 'Deny' as const),
  actions: fc.oneof(actions, fc.constant(['s3:*'])),
  resources,
  conditions: condition,
});

const SESSION = { kind: 'session' as const, roleArn: 'arn:aws:iam::123456789012:role/r', sessionName: 'lh-1' };

/** Whether permissions allow something, by the policy engine. */
function allows(permissions: readonly Permission[], action: string, resource: string, region: string): boolean {
  const policies = prepare({ identity: [JSON.parse(sessionPolicy(permissions))] });
  const request = { action, resource, principal: SESSION, context: { 'aws:RequestedRegion': region } };
  return evaluate(request, policies).outcome === 'allowed';
}

it('whatever a lease is narrowed to, it allows nothing that it did not allow before', () => {
  const narrowing = fc.record({ actions, resources }, { requiredKeys: [] });
  let left = 0;
  fc.assert(
    fc.property(
      fc.array(permission, { minLength: 1, maxLength: 3 }),
      narrowing,
      fc.constantFrom('s3:GetObject', 's3:PutObject', 's3:DeleteObject'),
      letters,
      fc.constantFrom('eu-west-1', 'us-east-1'),
      (permissions, to, action, text, region) => {
        const less = refusable(() => narrowed(permissions, to));
        fc.pre(less !== undefined);
        const resource = `${PREFIX}${text}`;
        if (!allows(less ?? [], action, resource, region)) return;
        left++;
        expect(allows(permissions, action, resource, region)).toBe(true);
        if (to.actions) expect(to.actions).toContain(action);
        if (to.resources) expect(to.resources.some((glob) => matches(resource, glob))).toBe(true);
      },
    ),
    { numRuns: RUNS, maxSkipsPerRun: 1000 },
  );
  // The law would hold of a narrowing that leaves nothing, too.
  expect(left).toBeGreaterThan(atLeastOf(RUNS / 100));
});

function refusable<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof LeaseError && error.code === 'invalid-request') return undefined;
    throw error;
  }
}

it('leaves everything as it is when nothing is named', () => {
  const permissions: readonly Permission[] = [{ effect: 'Allow', actions: ['s3:*'], resources: ['*'], conditions: {} }];
  expect(narrowed(permissions, undefined)).toBe(permissions);
  expect(narrowed(permissions, {})).toBe(permissions);
});

it('keeps what a role may never do', () => {
  const never: Permission = { effect: 'Deny', actions: ['s3:*'], resources: [`${PREFIX}secret`], conditions: {} };
  const may: Permission = { effect: 'Allow', actions: ['s3:GetObject'], resources: ['*'], conditions: {} };
  expect(narrowed([may, never], { resources: [`${PREFIX}a`] })).toEqual([{ ...may, resources: [`${PREFIX}a`] }, never]);
});

it('takes actions in any case, as IAM does', () => {
  const may: Permission = { effect: 'Allow', actions: ['S3:getobject'], resources: ['*'], conditions: {} };
  expect(narrowed([may], { actions: ['s3:GetObject'] })).toEqual([{ ...may, actions: ['s3:GetObject'] }]);
});
