/** Laws of taking leases back: whatever tags a role has, they only ever take away. */

import { explainLease, REVOKED_SLOTS, revokedTag, roleBoundary, rolePolicy, SHUT_TAG } from '@leasehold/documents';
import { evaluate, prepare } from '@leasehold/policy';
import * as fc from 'fast-check';
import { aBrokerEnvironment, aBrokeredRole } from '../../support/broker-environment';
import { anAgent } from '../../support/environment';

const RUNS = { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 100) };

describe('taking leases back', () => {
  const role = aBrokeredRole();
  const policies = prepare({ identity: [rolePolicy(role)], boundary: roleBoundary() });
  const lease = fc.stringMatching(/^lh-[a-z2-7]{1,26}$/);
  const canRead = (context: Record<string, string>) =>
    evaluate(
      {
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::hermes-dev-refunds/42/1.json',
        principal: { kind: 'session', roleArn: 'arn:aws:iam::123456789012:role/r', sessionName: 'lh-session' },
        context: { 'aws:PrincipalTag/param.customer': '42', ...context },
      },
      policies,
    ).outcome === 'allowed';

  it('takes back exactly the leases that are named, in whichever slots, in whatever order', () => {
    const slots = fc.uniqueArray(fc.tuple(fc.integer({ min: 1, max: REVOKED_SLOTS }), lease), {
      maxLength: REVOKED_SLOTS,
      selector: ([slot]) => slot,
    });
    void fc.assert(
      fc.property(slots, lease, fc.boolean(), (revoked, own, named) => {
        const mine = named ? (revoked[0]?.[1] ?? own) : own;
        const tags = Object.fromEntries(revoked.map(([slot, id]) => [`aws:PrincipalTag/${revokedTag(slot)}`, id]));
        const back = revoked.some(([, id]) => id === mine);
        expect(canRead({ ...tags, 'aws:PrincipalTag/lease-id': mine })).toBe(!back);
      }),
      RUNS,
    );
  });

  it('takes back every lease of a role that is shut, whatever the tag says', () => {
    void fc.assert(
      fc.property(lease, fc.string({ maxLength: 20 }), (own, value) => {
        const tags = { 'aws:PrincipalTag/lease-id': own, [`aws:PrincipalTag/${SHUT_TAG}`]: value };
        expect(canRead(tags)).toBe(false);
      }),
      { ...RUNS, examples: [['lh-a', '']] },
    );
  });

  it('opens no lease of a role that is shut, whatever the tag says', async () => {
    const opens = async (context: Record<string, string>) => {
      const lease = { role, environment: aBrokerEnvironment(), agent: anAgent(), parameters: { customer: '42' } };
      return (await explainLease({ ...lease, context: { 'aws:RequestTag/subject': 'issuer 42', ...context } })).allowed;
    };
    expect(await opens({})).toBe(true);
    await fc.assert(
      fc.asyncProperty(fc.string({ maxLength: 20 }), async (value) => {
        expect(await opens({ [`iam:ResourceTag/${SHUT_TAG}`]: value })).toBe(false);
      }),
      { ...RUNS, examples: [['']] },
    );
  });

  it('can only subtract: no tag that the broker may set allows anything more', () => {
    const tag = fc.stringMatching(/^revoked\.[a-z0-9.]{1,12}$/);
    void fc.assert(
      fc.property(lease, fc.dictionary(tag, lease), fc.constantFrom('42', '43'), (own, tags, customer) => {
        const named = Object.entries(tags).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]);
        const context = { 'aws:PrincipalTag/lease-id': own, 'aws:PrincipalTag/param.customer': customer };
        if (canRead({ ...context, ...Object.fromEntries(named) })) expect(canRead(context)).toBe(true);
      }),
      RUNS,
    );
  });
});
