/** What the page of passkeys tells people who have none. */
import { type Me, whyNoPasskeys } from '../../console/app/session/me';

const me = (person: string | undefined, ...may: readonly (keyof Me['may'])[]): Me => ({
  person,
  environment: undefined,
  may: {
    requester: may.includes('requester'),
    approver: may.includes('approver'),
    administrator: may.includes('administrator'),
  },
});

const ONLY = 'Only approvers and administrators have passkeys. Your requests need no signature.';
const NOBODY = 'Nobody uses passkeys in this environment.';

it.each([
  ['a requester', me(undefined, 'requester'), ONLY],
  ['somebody who may do nothing', me(undefined), ONLY],
  [
    'an approver without passkeys',
    me(undefined, 'approver', 'requester'),
    `${NOBODY} Approve with \`leasehold approve\`.`,
  ],
  ['an administrator without passkeys', me(undefined, 'administrator'), NOBODY],
  ['an approver', me('lead', 'approver'), undefined],
  ['an administrator', me('root', 'administrator', 'requester'), undefined],
])('why %s has no passkeys', (_, who, words) => {
  expect(whyNoPasskeys(who)).toBe(words);
});
