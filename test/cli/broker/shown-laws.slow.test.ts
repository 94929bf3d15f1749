/** What is shown is what is hashed: no two grants with different hashes look the same. */

import type { Grant } from '@leasehold/broker';
import fc from 'fast-check';
import { grantHash } from '../../../lib/broker/grant/grant';
import { readRecord } from '../../../lib/broker/lease/record';
import { paint } from '../../../lib/cli/colour';
import { renderWaiting } from '../../../lib/cli/render/grant';
import { aGrant, eventsOf, proposed, REQUESTED } from '../../broker/support';

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
