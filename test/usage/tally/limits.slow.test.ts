/** Whatever is dropped because of a limit, nothing is reported as unused. */
import { loadCatalogue } from '@leasehold/policy';
import { recordOf } from '../../../lib/usage/record/record';
import { MOST, Tally } from '../../../lib/usage/tally/tally';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, type Fields } from '../support/records';

const role = aRole({ allow: [{ actions: ['s3:GetObject'], resources: ['*'], conditions: {} }] });
const environment = anEnvironment({ roles: [role] });
const of = { role, environment, key: 'dev/s3-deploy' };
const catalogue = loadCatalogue(['s3']);
const sandbox = (...actions: readonly string[]) => ({
  verdict: 'allowed',
  decisions: actions.map((action) => ({ outcome: 'allowed', action, resource: '*' })),
});
const bucket = (number: number) => ({ requestParameters: { bucketName: `bucket-${number}`, key: 'a' } });

type Limit = readonly [
  most: number,
  call: (number: number) => readonly [call: string, overrides: Fields, session?: string],
];

/** Each call is another item of a kind. */
const LIMITS: Readonly<Record<string, Limit>> = {
  leases: [MOST.leases, (number) => ['s3.GetObject', {}, `lh-${number}`]],
  denials: [MOST.denials, (number) => ['s3.GetObject', { errorCode: 'AccessDenied', ...bucket(number) }]],
  leaseActions: [MOST.leaseActions, (number) => ['s3.GetObject', sandbox(`s3:Action${number}`)]],
  'kinds of used actions': [MOST.kinds, (number) => ['s3.GetObject', sandbox(`s3:Action${number}`), 'no-lease']],
  'kinds of events that are not known': [MOST.kinds, (number) => [`s3.Something${number}`, {}]],
  'kinds of events that are not known and were denied': [
    MOST.kinds,
    (number) => [
      `s3.Something${number}`,
      { errorCode: 'AccessDenied', errorMessage: 'is not authorized to perform: s3:GetObject on resource: *' },
    ],
  ],
  'kinds of actions that a denied call needs': [
    MOST.kinds,
    (number) => [
      's3.GetObject',
      {
        verdict: 'denied',
        decisions: [
          { outcome: 'allowed', action: `s3:Action${number}`, resource: '*' },
          { outcome: 'implicitDeny', action: 's3:GetObject', resource: '*' },
        ],
      },
    ],
  ],
};

it('has a case for each limit', () => {
  expect(new Set(Object.keys(LIMITS).map((name) => name.split(' ')[0]))).toEqual(new Set(Object.keys(MOST)));
});

it.each(Object.entries(LIMITS))('claims nothing after more %s than are kept', async (_, [most, call]) => {
  const tally = new Tally([of], await catalogue);
  const add = (number: number) => {
    const [name, overrides, session = 'lh-1'] = call(number);
    const record = recordOf(aCall(role, name, overrides, session));
    if (record === undefined) throw new Error('no record');
    tally.add(record, { kind: 'call', of, session });
  };
  // The perhaps needed actions of `GetObject` itself take up a few places.
  for (let number = 0; number < most - 5; number++) add(number);
  expect(tally.roles.get(of.key)?.overflowed).toBe(false);
  for (let number = most - 5; number < most + 5; number++) add(number);
  expect(tally.roles.get(of.key)?.overflowed).toBe(true);
});
