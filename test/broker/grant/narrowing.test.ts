/** What the quick test calls a narrowing, the policy engine calls inside; and what it cannot tell, it does not call one. */

import type { PolicyDocument } from '@leasehold/policy';
import { narrows } from '../../../lib/broker/grant/narrowing';
import { aReleaseRole } from '../../support/environment';

const ROLE = aReleaseRole();
const VALUES = { release: '1.4.2' };
const PUT = { Effect: 'Allow' as const, Action: 's3:PutObject', Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/*' };

function aPolicy(...Statement: PolicyDocument['Statement'][]): PolicyDocument {
  return { Version: '2012-10-17', Statement: Statement.flat() } as PolicyDocument;
}

it.each([
  ['fewer actions of one statement', aPolicy(PUT), true],
  ['the same action in other case', aPolicy({ ...PUT, Action: 'S3:putobject' }), true],
  ['another release', aPolicy({ ...PUT, Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.3/*' }), false],
  ['less of the release, which only the engine can tell', aPolicy({ ...PUT, Resource: `${PUT.Resource}.js` }), false],
  ['an action of another statement', aPolicy({ ...PUT, Action: 's3:ListBucket' }), false],
  [
    'a statement without its condition',
    aPolicy({ ...PUT, Action: 's3:ListBucket', Resource: 'arn:aws:s3:::hermes-dev-deploy' }),
    false,
  ],
  ['everything but', aPolicy({ Effect: 'Allow', NotAction: 's3:PutObject', Resource: PUT.Resource }), false],
  ['no action', aPolicy({ ...PUT, Action: [] }), false],
  ['a deny, which is none of the role’s', aPolicy({ ...PUT, Effect: 'Deny' }), false],
  ['one statement that is and one that is not', aPolicy(PUT, { ...PUT, Action: 's3:*' }), false],
  ['an older language', { ...aPolicy(PUT), Version: '2008-10-17' }, false],
])('%s', (_, policy, expected) => {
  expect(narrows(policy as PolicyDocument, ROLE, VALUES)).toBe(expected);
});

it.each(['*', '1.4.?', '${aws:username}', '"', '\\'])(
  'trusts no value that a policy gives a meaning to: %s',
  (release) => {
    const policy = aPolicy({ ...PUT, Resource: `arn:aws:s3:::hermes-dev-deploy/${release}/*` });
    expect(narrows(policy, ROLE, { release })).toBe(false);
  },
);

describe('a role that denies', () => {
  const DENY = { Effect: 'Deny' as const, Action: 's3:*', Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/keep/*' };
  const role = aReleaseRole({
    deny: [
      { actions: ['s3:*'], resources: ['arn:aws:s3:::hermes-dev-deploy/${param.release}/keep/*'], conditions: {} },
    ],
  });

  it.each([
    ['all that it denies is denied', aPolicy(PUT, DENY), true],
    ['nothing is denied', aPolicy(PUT), false],
    ['less is denied', aPolicy(PUT, { ...DENY, Action: 's3:PutObject' }), false],
    [
      'another release is denied',
      aPolicy(PUT, { ...DENY, Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.3/keep/*' }),
      false,
    ],
    [
      'it is denied under a condition',
      aPolicy(PUT, { ...DENY, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      false,
    ],
    ['what it denies is allowed', aPolicy(PUT, { ...DENY, Effect: 'Allow' }), false],
  ])('%s', (_, policy, expected) => {
    expect(narrows(policy as PolicyDocument, role, VALUES)).toBe(expected);
  });
});
