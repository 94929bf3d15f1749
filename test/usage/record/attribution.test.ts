/** Which records count for a role: a decision table of forged and foreign ones. */
import { roleArn } from '@leasehold/documents';
import { Attributor } from '../../../lib/usage/record/attribution';
import { recordOf } from '../../../lib/usage/record/record';
import { anEnvironment, aRole } from '../../support/environment';
import { aCall, anIssue, aRecord, type Fields, identityOf } from '../support/records';

const role = aRole();
const environment = anEnvironment({ roles: [role] });
const attributor = new Attributor([environment]);

const kindOf = (fields: Fields) => {
  const record = recordOf(fields);
  return record === undefined ? 'unreadable' : attributor.of(record).kind;
};
const call = (overrides: Fields = {}) => aCall(role, 's3.GetObject', overrides);
const identity = (overrides: Fields) => ({ ...identityOf(role), ...overrides });
const issuer = (overrides: Fields) => {
  const context = identityOf(role).sessionContext as Record<string, Fields>;
  return identity({ sessionContext: { ...context, sessionIssuer: { ...context.sessionIssuer, ...overrides } } });
};
const request = (overrides: Fields) => ({ ...(anIssue(role).requestParameters as Fields), ...overrides });

it.each<[what: string, record: Fields, kind: string]>([
  ['a call of a lease', call(), 'call'],
  ['recorded in another account', call({ recipientAccountId: '210987654321' }), 'foreign'],
  ['recorded in no account', call({ recipientAccountId: undefined }), 'unclear'],
  ['identity of another account', call({ userIdentity: identity({ accountId: '210987654321' }) }), 'foreign'],
  ['issuer of another account', call({ userIdentity: issuer({ accountId: '210987654321' }) }), 'foreign'],
  [
    'role of the same name at another path',
    call({ userIdentity: issuer({ arn: 'arn:aws:iam::123456789012:role/hermes-dev-s3-deploy' }) }),
    'foreign',
  ],
  [
    'role of the same name in another project',
    call({ userIdentity: issuer({ arn: 'arn:aws:iam::123456789012:role/leasehold/zeus-dev/hermes-dev-s3-deploy' }) }),
    'foreign',
  ],
  [
    'role of the same name in another account',
    call({ userIdentity: issuer({ arn: 'arn:aws:iam::210987654321:role/leasehold/hermes-dev/hermes-dev-s3-deploy' }) }),
    'foreign',
  ],
  ['issuer that is no role', call({ userIdentity: issuer({ type: 'User' }) }), 'foreign'],
  ['identity that is no session', call({ userIdentity: identity({ type: 'IAMUser' }) }), 'foreign'],
  [
    'session that differs in the ARN',
    call({ userIdentity: identity({ principalId: 'AROAEXAMPLE1234567:lh-2' }) }),
    'foreign',
  ],
  ['session with a slash', call({ userIdentity: identity({ principalId: 'AROAEXAMPLE1234567:lh-1/x' }) }), 'unclear'],
  ['no session', call({ userIdentity: identity({ principalId: 'AROAEXAMPLE1234567' }) }), 'unclear'],
  ['no session issuer', call({ userIdentity: identity({ sessionContext: {} }) }), 'unclear'],
  ['no session context', call({ userIdentity: identity({ sessionContext: undefined }) }), 'unclear'],
  ['session context that is a text', call({ userIdentity: identity({ sessionContext: 'x' }) }), 'unclear'],
  [
    'no session issuer, of another account',
    call({ userIdentity: identity({ sessionContext: {}, accountId: '210987654321' }) }),
    'foreign',
  ],
  [
    'no session issuer, recorded in another account',
    call({ userIdentity: identity({ sessionContext: {} }), recipientAccountId: '210987654321' }),
    'foreign',
  ],
  [
    'no session issuer, and a session of another role',
    call({
      userIdentity: identity({
        sessionContext: {},
        arn: 'arn:aws:sts::123456789012:assumed-role/hermes-dev-other/lh-1',
      }),
    }),
    'other',
  ],
  [
    'no ARN of the issuer and none of the session',
    call({ userIdentity: { ...issuer({ arn: undefined }), arn: undefined } }),
    'unclear',
  ],
  [
    'no ARN of the issuer, and another account in that of the session',
    call({
      userIdentity: {
        ...issuer({ arn: undefined }),
        arn: 'arn:aws:sts::210987654321:assumed-role/hermes-dev-s3-deploy/lh-1',
      },
    }),
    'foreign',
  ],
  ['the ARN only in the parameters', aRecord({ requestParameters: { roleArn: roleArn(role, environment) } }), 'other'],
  [
    'the ARN in a key of the prototype',
    JSON.parse(
      JSON.stringify(aRecord()).replace(
        '"userIdentity":{',
        `"userIdentity":{"__proto__":${JSON.stringify(identityOf(role))},`,
      ),
    ) as Fields,
    'other',
  ],
  ['another identity', aRecord(), 'other'],
  ['a request of the agent that STS grants', anIssue(role), 'request'],
  [
    'a request that STS denies',
    anIssue(role, 'lh-1', { errorCode: 'AccessDenied', responseElements: null }),
    'request',
  ],
  [
    'a denied request without parameters',
    anIssue(role, 'lh-1', {
      requestParameters: null,
      responseElements: null,
      errorCode: 'AccessDenied',
      errorMessage: `User: x is not authorized to perform: sts:AssumeRole on resource: ${roleArn(role, environment)}`,
    }),
    'request',
  ],
  [
    'a denied request of somebody else',
    anIssue(role, 'lh-1', {
      errorCode: 'AccessDenied',
      responseElements: null,
      userIdentity: { type: 'IAMUser', accountId: '123456789012', arn: 'arn:aws:iam::123456789012:user/mallory' },
    }),
    'foreign',
  ],
  ['a request recorded in another account', anIssue(role, 'lh-1', { recipientAccountId: '210987654321' }), 'foreign'],
  [
    'a request with an impossible session',
    anIssue(role, 'lh-1', { requestParameters: request({ roleSessionName: 'a b' }) }),
    'foreign',
  ],
  [
    'a request with parameters of another type',
    anIssue(role, 'lh-1', { requestParameters: request({ roleArn: [1] }) }),
    'other',
  ],
])('%s', (_, record, kind) => expect(kindOf(record)).toBe(kind));

/** The fields of an identity that show the role and the session. */
const SHOWN = ['type', 'accountId', 'arn', 'principalId', 'sessionContext'] as const;
const SHOWN_OF_ISSUER = ['type', 'accountId', 'arn'] as const;

describe.each<[how: string, value: unknown]>([
  ['missing', undefined],
  ['null', null],
  ['a number', 123456789012],
  ['a list', ['x']],
])('a field of a call that is %s leaves open whose call it is', (_, value) => {
  it.each([
    ...SHOWN.map((name): [string, Fields] => [name, call({ userIdentity: identity({ [name]: value }) })]),
    ...SHOWN_OF_ISSUER.map((name): [string, Fields] => [
      `sessionIssuer.${name}`,
      call({ userIdentity: issuer({ [name]: value }) }),
    ]),
    ['recipientAccountId', call({ recipientAccountId: value })],
  ])('%s', (__, record) => {
    expect(kindOf(record)).toBe('unclear');
    expect(attributor.mayConcern(Buffer.from(JSON.stringify(record)))).toBe(true);
  });
});

it.each<[what: string, change: Fields]>([
  ['without a time', { eventTime: undefined }],
  ['with another time', { eventTime: 'yesterday' }],
  ['with an impossible time', { eventTime: '2026-13-45T99:00:00Z' }],
  ['without a name', { eventName: '' }],
  ['with a name of another type', { eventName: {} }],
  ['with a name that is too long', { eventName: 'x'.repeat(300) }],
  ['without an identity', { userIdentity: 'root' }],
])('a record %s is unreadable', (_, change) => expect(kindOf(aRecord(change))).toBe('unreadable'));

it('does not skip a record whose text is spelled with escapes', () => {
  const plain = Buffer.from(JSON.stringify(call()));
  const spelled = JSON.stringify(call()).replaceAll('/hermes-dev/', '\\u002fhermes-dev\\/');
  expect(JSON.parse(spelled)).toMatchObject({ eventName: 'GetObject' });
  expect(attributor.mayConcern(plain)).toBe(true);
  expect(attributor.mayConcern(Buffer.from(spelled))).toBe(true);
  expect(attributor.mayConcern(Buffer.from(JSON.stringify(aRecord({ userAgent: 'a "b" \\ c' }))))).toBe(false);
});
