/** What is shown is what is hashed: no two grants with different hashes look the same. */

import type { Grant } from '@leasehold/broker';
import { knownTextHash } from '@leasehold/documents';
import fc from 'fast-check';
import { grantHash } from '../../../lib/broker/grant/grant';
import { readRecord } from '../../../lib/broker/lease/record';
import { paint } from '../../../lib/cli/colour';
import { renderWaiting } from '../../../lib/cli/render/grant';
import { aGrant, eventsOf, proposed, REQUESTED } from '../../broker/support';
import { SECURITY_AUDIT } from '../../support/broker-environment';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

const GRANT = aGrant({
  command: 'aws s3 cp app.js s3://hermes-dev-deploy/1.4.2/',
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*', 'arn:aws:s3:::hermes-dev-deploy/latest'],
        Condition: { StringLike: { 's3:prefix': ['1.4.2/*', 'latest'] }, Null: { 's3:prefix': 'false' } },
      },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    ],
  },
});

/** The same with a policy that AWS manages. */
const MANAGED: Grant = {
  ...GRANT,
  managedPolicies: [{ arn: SECURITY_AUDIT, sha256: knownTextHash(SECURITY_AUDIT) ?? '' }],
};

type Path = readonly string[];

/** Where a value has texts and numbers in it. */
function leavesOf(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner).map((path) => [key, ...path]));
}

function withLeaf(path: Path, value: unknown): Grant {
  const grant = JSON.parse(JSON.stringify(GRANT));
  const holder = path.slice(0, -1).reduce((inner, key) => inner[key], grant);
  holder[path.at(-1) ?? ''] = value;
  return grant;
}

/** What an approver sees of it, the hash aside; nothing where it is refused. */
function shown(grant: Grant): string | undefined {
  const record = readRecord('lh-1', JSON.parse(JSON.stringify(eventsOf(REQUESTED, proposed(1, grant)))));
  if (record.kind === 'broken' || record.lease.proposal === undefined) return undefined;
  const { lease } = record;
  try {
    const text = renderWaiting({ lease, proposal: record.lease.proposal, purpose: undefined, now: 0 }, paint(false));
    return text.replace(/^ +Grant .*\n/m, '');
  } catch {
    return undefined;
  }
}

it('one text is changed, anywhere in the grant (property)', () => {
  const before = shown(GRANT);
  expect(before).toBeDefined();
  const value = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom(
      's3:GetObject\u200b',
      '1.4.2\n',
      '*',
      'Allow',
      'Deny',
      '2008-10-17',
      'arn:aws:s3:::hermes-dev-deploy\u3164',
    ),
    fc.integer({ min: 0, max: 1e6 }),
  );
  fc.assert(
    fc.property(fc.constantFrom(...leavesOf(GRANT)), value, (path, text) => {
      let grant: Grant;
      try {
        grant = withLeaf(path, text);
        fc.pre(grantHash(grant) !== grantHash(GRANT));
      } catch (error) {
        // A text that has no canonical form has no hash.
        fc.pre(!(error instanceof TypeError));
        throw error;
      }
      expect(shown(grant)).not.toBe(before);
    }),
    { numRuns },
  );
});

it.each(leavesOf(GRANT).map((path) => [path.join('.'), path] as const))('%s is shown', (_, path) => {
  expect(shown(withLeaf(path, 'something else'))).not.toBe(shown(GRANT));
});

it('a policy that AWS manages is shown with its hash and what it permits', () => {
  const text = shown(MANAGED) ?? '';
  for (const part of [
    'SecurityAudit',
    SECURITY_AUDIT,
    knownTextHash(SECURITY_AUDIT) ?? '',
    'appsync:ListApiKeys',
    'npx leasehold can s3-deploy',
  ]) {
    expect(text.replace(/\s+/g, ' ')).toContain(part);
  }
  expect(text.replace(/\s+/g, ' ')).toMatch(
    /permits \d{3,} action patterns of \d{3} services, among them sensitive reads .* and reads of who may do what/,
  );
  expect(shown(GRANT)).not.toBe(text);
});

it('a text that is not known here is not shown for approval', () => {
  for (const change of [{ sha256: '0'.repeat(64) }, { arn: 'arn:aws:iam::aws:policy/Unheard' }]) {
    const managedPolicies = MANAGED.managedPolicies?.map((policy) => ({ ...policy, ...change })) ?? [];
    expect(shown({ ...GRANT, managedPolicies })).toBeUndefined();
  }
});
