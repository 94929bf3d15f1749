/** Which answers the console offers to whom, in which state, and why not. */
import { answersOf } from '../../console/app/lease/answers';
import type { Me } from '../../console/app/session/me';
import type { EventBody } from '../../lib/broker/lease/event';
import { stateAt } from '../../lib/broker/lease/fold';
import { aGrant, leaseOf, proposed, REQUESTED } from '../broker/support';

const SIGNED: EventBody = { ...(proposed(1) as Extract<EventBody, { type: 'proposed' }>), signed: true };
const ISSUED: readonly EventBody[] = [
  REQUESTED,
  proposed(0),
  { type: 'issued', hash: leaseOf(REQUESTED, proposed(0)).proposal?.hash ?? '', until: 500 },
];
const me = (person: string | undefined, ...may: readonly (keyof Me['may'])[]): Me => ({
  person,
  environment: 'hermes/dev/123456789012',
  may: {
    requester: may.includes('requester'),
    approver: may.includes('approver'),
    administrator: may.includes('administrator'),
  },
});
const lead = me('lead', 'approver', 'requester');
const root = me('root', 'administrator');

const CASES: readonly (readonly [
  name: string,
  me: Me,
  bodies: readonly EventBody[],
  expected: Partial<ReturnType<typeof answersOf>>,
])[] = [
  [
    'an approver of a pending lease',
    lead,
    [REQUESTED, SIGNED],
    { as: 'approver', approve: true, deny: true, revoke: undefined },
  ],
  [
    'an approver without passkeys',
    lead,
    [REQUESTED, proposed(1)],
    { approve: expect.stringContaining('MFA'), deny: true },
  ],
  [
    'an approver of a lease that needs passkeys, where nobody uses them any more',
    me(undefined, 'approver'),
    [REQUESTED, SIGNED],
    { approve: expect.stringContaining('nobody uses here any more'), deny: true },
  ],
  [
    'somebody who is not among the approvers',
    me('third', 'approver'),
    [REQUESTED, SIGNED],
    { approve: 'You are not an approver of this lease.', deny: undefined },
  ],
  [
    'the requester',
    me('Hermes', 'approver'),
    [REQUESTED, SIGNED],
    { approve: 'Nobody can approve their own lease. Another approver must answer.', deny: undefined },
  ],
  [
    'an administrator of a pending lease',
    root,
    [REQUESTED, SIGNED],
    { as: 'administrator', approve: undefined, deny: undefined, revoke: true },
  ],
  [
    'a requester',
    me(undefined, 'requester'),
    [REQUESTED, SIGNED],
    { as: undefined, approve: undefined, deny: undefined, revoke: undefined },
  ],
  [
    'an approver of an approved lease, whose denial ends it as well',
    lead,
    [REQUESTED, proposed(0)],
    { as: 'approver', approve: undefined, deny: true, revoke: undefined },
  ],
  [
    'an administrator of an approved lease',
    root,
    [REQUESTED, proposed(0)],
    { as: 'administrator', deny: undefined, revoke: true },
  ],
  [
    'an approver of an issued lease',
    lead,
    ISSUED,
    { as: 'approver', approve: undefined, deny: undefined, revoke: true },
  ],
  [
    'an administrator of an issued lease',
    root,
    ISSUED,
    { as: 'administrator', approve: undefined, deny: undefined, revoke: true },
  ],
  [
    'an approver of a request that nobody decided yet',
    lead,
    [REQUESTED],
    { approve: undefined, deny: undefined, revoke: undefined },
  ],
];

it.each(CASES)('%s', (_, person, bodies, expected) => {
  const lease = leaseOf(...bodies);
  expect(
    answersOf({ read: { lease, valid: true }, state: stateAt(lease, 100), me: person, isShownWhole: true }),
  ).toMatchObject(expected);
});

it('a grant that cannot be shown whole can be denied, and not approved', () => {
  const lease = leaseOf(REQUESTED, SIGNED);
  expect(answersOf({ read: { lease, valid: true }, state: 'pending', me: lead, isShownWhole: false })).toMatchObject({
    approve: 'This page cannot show the complete lease, so you cannot approve the lease here.',
    deny: true,
  });
});

it.each(CASES)('no approval is offered if a signature is not valid: %s', (_, person, bodies, { deny, revoke }) => {
  const lease = leaseOf(...bodies);
  const state = stateAt(lease, 100);
  const answers = answersOf({ read: { lease, valid: false }, state, me: person, isShownWhole: true });
  expect(answers.approve).not.toBe(true);
  // An answer that permits nothing is offered nevertheless.
  expect(answers).toMatchObject({ deny, revoke });
});

it('an approver of a record with an invalid signature reads why nothing can be approved', () => {
  const lease = leaseOf(REQUESTED, SIGNED);
  const read = { lease, valid: false };
  expect(answersOf({ read, state: 'pending', me: lead, isShownWhole: true }).approve).toBe(
    'A signature in this record is not valid. Do not approve anything, and tell an administrator.',
  );
});

it('nothing is offered for a lease that has ended', () => {
  const lease = leaseOf(REQUESTED, SIGNED);
  for (const state of ['denied', 'lapsed', 'revoked', 'expired'] as const) {
    const { approve, deny, revoke } = answersOf({ read: { lease, valid: true }, state, me: lead, isShownWhole: true });
    expect([approve, deny, revoke]).toEqual([undefined, undefined, undefined]);
  }
});

it('the second approval of one person is not offered', () => {
  const grant = aGrant();
  const two = { ...(proposed(2, grant) as Extract<EventBody, { type: 'proposed' }>) };
  const hash = leaseOf(REQUESTED, two).proposal?.hash ?? '';
  const lease = leaseOf(REQUESTED, two, { type: 'approved', by: { name: 'lead' }, hash });
  expect(answersOf({ read: { lease, valid: true }, state: 'pending', me: lead, isShownWhole: true }).approve).toBe(
    'You have approved this lease already.',
  );
});
