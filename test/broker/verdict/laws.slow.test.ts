/** Only subtraction: whatever a reviewer answers, the grant stays inside the role, proven by the policy engine. */

import { permissions } from '@leasehold/documents';
import { evaluate, insideEnvelope, many, prepare } from '@leasehold/policy';
import fc from 'fast-check';
import { type Offer, validate } from '../../../lib/broker/verdict/validate';
import { aParameter, aRole } from '../../support/environment';
import { aBrokeredRole, anOffer } from '../support';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

const ROLES = [
  aBrokeredRole(),
  aBrokeredRole({
    role: aRole({
      name: 'table-read',
      lease: { defaultSeconds: 900, maxSeconds: 3600 },
      parameters: [aParameter({ name: 'customer', pattern: '[a-z0-9-]{1,20}' })],
      allow: [
        { actions: ['ec2:Describe*'], resources: ['*'], conditions: {} },
        {
          actions: ['dynamodb:GetItem', 'dynamodb:Query'],
          resources: ['arn:aws:dynamodb:ap-northeast-2:123456789012:table/transactions'],
          conditions: {
            'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${param.customer}'] },
            Null: { 'dynamodb:LeadingKeys': ['false'] },
          },
        },
      ],
    }),
  }),
];

/** Texts that an attacker would have a reviewer say. */
const WORDS = [
  ...['*', 's3:*', 's3:PutObject', 's3:GetObject', 's3:putobject', 's3:DeleteObject', 's3:Get*', 'iam:PassRole'],
  ...['ec2:Describe*', 'ec2:DescribeInstances', 'ec2:*', 'dynamodb:Scan', 'dynamodb:Query', 'dynamodb:getitem'],
  ...['sts:AssumeRole', '1.4.2', '1.4.2/*', '../1.4.1', '${aws:username}', '*/1.4.2', 'customer-7', 'customer-7*'],
  ...['release', 'customer', '__proto__', 'constructor', 's3-deploy', 'table-read', 'admin', '', 'ünïcode', '\0'],
];
const word = fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 12 }));
const parameters = fc.oneof(
  fc.constantFrom({ release: '1.4.2' }, { customer: 'customer-7' }, {}),
  fc.dictionary(word, word, { maxKeys: 3 }),
);

/** Answers that could be granted, of which a fault or two is made. */
const fair = fc.constantFrom(
  { role: 's3-deploy', actions: ['s3:PutObject'], parameters: { release: '1.4.2' }, minutes: 5 },
  { role: 's3-deploy', actions: ['s3:ListBucket', 's3:GetObject'], parameters: { release: '2.0' }, minutes: 15 },
  { role: 'table-read', actions: ['ec2:DescribeInstances'], parameters: { customer: 'customer-7' }, minutes: 60 },
  { role: 'table-read', actions: ['ec2:Describe*', 'dynamodb:Query'], parameters: { customer: 'c' }, minutes: 0.1 },
);

const faults = fc.record(
  {
    decision: fc.constantFrom('escalate', 'deny', 'ALLOW'),
    role: fc.oneof(fc.constantFrom('s3-deploy', 'table-read'), word),
    actions: fc.array(word, { maxLength: 4 }),
    parameters,
    minutes: fc.oneof(fc.integer({ min: -1, max: 90 }), fc.double()),
    risk: fc.constantFrom('high', 'none'),
    resources: fc.constant(['*']),
  },
  { requiredKeys: [] },
);

const answer = fc
  .tuple(fair, fc.oneof(fc.constant({}), faults), fc.array(word, { maxLength: 1 }))
  .map(([good, bad, more]) => ({
    decision: 'allow',
    risk: 'low',
    sentence: 'It fits.',
    ...good,
    actions: [...good.actions, ...more],
    ...bad,
  }));

const offer: fc.Arbitrary<Offer> = fc
  .tuple(fc.boolean(), parameters)
  .map(([byRole, chosen]) =>
    anOffer({ roles: ROLES, asked: byRole ? { by: 'role', role: 's3-deploy', parameters: chosen } : { by: 'intent' } }),
  );

it('never leaves the role, whatever the reviewer answers', () => {
  let grants = 0;
  fc.assert(
    fc.property(offer, fc.oneof({ weight: 9, arbitrary: answer }, fc.anything()), (asked, said) => {
      const judged = validate(said, asked);
      if (judged.kind !== 'grant') return;
      grants += 1;
      const { grant, humans, brokered } = judged;
      const envelope = permissions(brokered.role);
      const given = Object.fromEntries(
        Object.entries(grant.parameters).map(([name, value]) => [`aws:PrincipalTag/param.${name}`, value]),
      );
      expect(insideEnvelope(grant.policy, envelope, { given }).kind).toBe('inside');
      expect(humans).toBeGreaterThanOrEqual(brokered.humans);
      expect(grant.seconds).toBeLessThanOrEqual(brokered.role.lease.maxSeconds);
      if (asked.asked.by === 'role') expect(grant.parameters).toEqual(asked.asked.parameters);
      // And by asking the engine outright, without comparing: what lies beside the scope is denied.
      const policies = prepare({ identity: [grant.policy] });
      for (const action of ['s3:PutObject', 's3:DeleteObject', 'iam:PassRole', 'dynamodb:Scan']) {
        const resource = action.startsWith('s3') ? 'arn:aws:s3:::hermes-dev-deploy/1.4.20/app.js' : '*';
        const principal = { kind: 'session' as const, roleArn: grant.roleArn, sessionName: 'lh-1' };
        if (grant.parameters.release === '1.4.20') continue;
        expect(evaluate({ action, resource, principal, context: {} }, policies).outcome).not.toBe('allowed');
      }
      expect(JSON.stringify(many(grant.policy.Statement))).not.toContain('${');
    }),
    { numRuns },
  );
  expect(grants).toBeGreaterThan(0);
});
