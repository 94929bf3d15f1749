/** The policy with which the broker revokes leases: what it writes is in order, and anything else is damage. */
import { type Denials, NO_DENIALS, revocationPolicy, revocationPolicyArn, roleArn } from '@leasehold/documents';
import { type Answers, authorizationOf, examined } from './support/account';
import { type Case, environment, testDamages } from './support/damage';

const ARN = revocationPolicyArn(environment);
const BROKERED = environment.roles.filter(({ gates }) => gates.includes('broker'));
const [ROLE] = BROKERED;

/** The account with another document in the policy. */
function withPolicy(document: object): Answers {
  const details = authorizationOf(environment);
  const Policies = details.Policies.map((each) =>
    each.Arn === ARN
      ? {
          ...each,
          PolicyVersionList: each.PolicyVersionList.map((version) => ({
            ...version,
            Document: encodeURIComponent(JSON.stringify(document)),
          })),
        }
      : each,
  );
  return { 'iam:GetAccountAuthorizationDetails': () => ({ ...details, Policies }) };
}

const denying = (denials: Partial<Denials>) => withPolicy(revocationPolicy({ ...NO_DENIALS, ...denials }, environment));
const LEASE = { leases: new Map([['lh-1', undefined]]) };

/** With a limit DynamoDB answers the key of the last item, also if there are no more items. */
const ON_RECORD: Answers = {
  'dynamodb:Query': ({ IndexName, Limit }) => ({
    Items: IndexName === undefined ? [{ lease: { S: 'lh-1' } }] : [],
    ...(Limit === 1 ? { LastEvaluatedKey: { lease: { S: 'lh-1' }, sequence: { N: '1' } } } : {}),
  }),
};

it.each<readonly [string, Answers]>([
  ['a lease on record', { ...denying(LEASE), ...ON_RECORD }],
  ['a role', denying({ roles: new Set([ROLE?.name ?? '']) })],
  ['everything', denying({ everything: true })],
])('finds nothing while the broker denies %s', async (_, answers) => {
  expect(BROKERED.length).toBeGreaterThan(0);
  const { verified } = await examined(environment, answers);
  expect(verified.filter(({ result }) => result !== 'ok').map(({ id }) => id)).toEqual([]);
});

it('does not report a lease whose record AWS left out of its answer', async () => {
  const { verified } = await examined(environment, { ...denying(LEASE), 'dynamodb:Query': () => ({}) });
  const [found] = verified.filter(({ id }) => id === 'revocation-policy');
  expect([found?.result, found?.damages, found?.unchecked.length]).toEqual(['not checked', [], 1]);
});

const CASES: readonly Case[] = [
  {
    name: 'a denial for no lease',
    found: 'revocation-policy',
    says: /denies the lease lh-1, for which there is no record/,
    severity: 'medium',
    answers: denying(LEASE),
  },
  {
    name: 'an allow of everything in the policy',
    found: 'revocation-policy',
    also: ['role-policies'],
    says: /contains a document that the broker does not write/,
    answers: withPolicy({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }),
  },
  {
    name: 'a deny that somebody else wrote in place of those of the broker',
    found: 'revocation-policy',
    also: ['role-policies'],
    says: /contains a document that the broker does not write/,
    answers: withPolicy({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: 's3:*',
          Resource: '*',
          Condition: { ArnEquals: { 'aws:PrincipalArn': ROLE && roleArn(ROLE, environment) } },
        },
      ],
    }),
  },
];

describe('damages', () => testDamages(CASES));
