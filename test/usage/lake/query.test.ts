/** Which queries of CloudTrail Lake are understood, and what they select. */
import { readQuery, selectsRole } from '../../../lib/usage/lake/query';

const STORE = '0a1b2c3d-0000-4000-8000-0123456789ab';
const TIME = "eventTime >= '2026-11-01 00:00:00' AND eventTime < '2026-12-01 00:00:00'";
const ISSUER = 'userIdentity.sessionContext.sessionIssuer.arn';
const select = (where: string) => `SELECT eventJson FROM ${STORE} WHERE ${where}`;
const base = { store: STORE, since: Date.UTC(2026, 10, 1) / 1000, until: Date.UTC(2026, 11, 1) / 1000 };

it.each<[sql: string, query: object]>([
  [select(TIME), base],
  [
    `  select EVENTJSON\n from ${STORE.toUpperCase()}\nwhere\teventtime>='2026-11-01 00:00:00' and EventTime<'2026-12-01 00:00:00' ; `,
    base,
  ],
  [select(`${TIME} AND recipientAccountId = '123456789012'`), { ...base, account: '123456789012' }],
  [select(`${TIME} AND (eventName = 'AssumeRole' OR ${ISSUER} LIKE 'a/%')`), { ...base, roles: ['a/%'] }],
  [
    select(
      `${TIME}\n  AND recipientAccountId = '123456789012'\n  AND ( eventName = 'AssumeRole'\n OR ${ISSUER} LIKE 'a/%' OR ${ISSUER.toLowerCase()} like 'b/_' )`,
    ),
    { ...base, account: '123456789012', roles: ['a/%', 'b/_'] },
  ],
  [select(TIME) + ' '.repeat(10_000 - select(TIME).length), base],
  [`${select(TIME)};\n`, base],
])('understands %.90s', (sql, query) => expect(readQuery(sql)).toEqual(query));

it.each<[what: string, sql: string]>([
  ['no time', `SELECT eventJson FROM ${STORE}`],
  ['only a start', select("eventTime >= '2026-11-01 00:00:00'")],
  ['another comparison', select(TIME.replace('>=', '>'))],
  ['a time that ends before it begins', select(TIME.replace('2026-12', '2026-10'))],
  ['a time that does not exist', select(TIME.replace('2026-12-01', '2026-13-41'))],
  ['another column', select(TIME).replace('eventJson', 'eventName')],
  ['a further column', select(TIME).replace('eventJson', 'eventJson, eventName')],
  ['distinct values', select(TIME).replace('SELECT', 'SELECT DISTINCT')],
  ['a limit', `${select(TIME)} LIMIT 100`],
  ['an order', `${select(TIME)} ORDER BY eventTime`],
  ['a second condition', select(`${TIME} AND readOnly = false`)],
  ['a condition that is negated', select(`${TIME} AND NOT (eventName = 'AssumeRole' OR ${ISSUER} LIKE 'a/%')`)],
  ['only calls, and not the requests for sessions', select(`${TIME} AND (${ISSUER} LIKE 'a/%')`)],
  ['only requests for sessions', select(`${TIME} AND (eventName = 'AssumeRole')`)],
  ['roles and something else', select(`${TIME} AND (eventName = 'AssumeRole' OR ${ISSUER} LIKE 'a/%') AND 1 = 0`)],
  ['both instead of one of them', select(`${TIME} AND (eventName = 'AssumeRole' AND ${ISSUER} LIKE 'a/%')`)],
  ['roles that are left out', select(`${TIME} AND (eventName = 'AssumeRole' OR ${ISSUER} NOT LIKE 'a/%')`)],
  ['an escape in a pattern', select(`${TIME} AND (eventName = 'AssumeRole' OR ${ISSUER} LIKE 'a''/%')`)],
  ['a comment', `${select(TIME)} -- all`],
  ['two stores', select(TIME).replace(STORE, `${STORE}, ${STORE}`)],
  ['a join', select(TIME).replace(' WHERE', ` JOIN ${STORE} WHERE`)],
  ['words without space between them', select(TIME).replace('SELECT eventJson', 'SELECTeventJson')],
  ['a name of an event in other case', select(`${TIME} AND (eventName = 'assumerole' OR ${ISSUER} LIKE 'a/%')`)],
  ['an account that is not one', select(`${TIME} AND recipientAccountId = '1234'`)],
  ['an account without quotes', select(`${TIME} AND recipientAccountId = 123456789012`)],
  ['an empty pattern', select(`${TIME} AND (eventName = 'AssumeRole' OR ${ISSUER} LIKE '')`)],
  ['a time without quotes', select(TIME.replaceAll("'", ''))],
  ['a quote that does not end', `${select(TIME)} AND recipientAccountId = '`],
  ['a quoted identifier', select(TIME).replace('eventJson', '"eventJson"')],
  ['the conditions in another order', select(`recipientAccountId = '123456789012' AND ${TIME}`)],
  ['two semicolons', `${select(TIME)};;`],
  ['nothing', ''],
  ['more than 10,000 characters', select(TIME) + ' '.repeat(10_001 - select(TIME).length)],
  ['two statements', `${select(TIME)}; ${select(TIME)}`],
])('does not understand %s', (_, sql) => expect(readQuery(sql)).toBeUndefined());

const owner = { arn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-work', account: '123456789012' };
it.each<[roles: readonly string[] | undefined, account: string | undefined, selected: boolean]>([
  [undefined, undefined, true],
  [undefined, '123456789012', true],
  [undefined, '210987654321', false],
  [['arn:aws:iam::123456789012:role/leasehold/hermes-dev/%'], undefined, true],
  [['%'], undefined, true],
  [['arn:aws:iam::123456789012:role/leasehold/hermes_dev/%'], undefined, true],
  [['x', 'arn:aws:iam::%:role/leasehold/%'], undefined, true],
  [['arn:aws:iam::123456789012:role/leasehold/hermes-dev/'], undefined, false],
  [['arn:aws:iam::123456789012:role/leasehold/hermes-prod/%'], undefined, false],
  [['arn:aws:iam::123456789012:role/Leasehold/%'], undefined, false],
  [['arn.aws.iam::123456789012:role/leasehold/%'], undefined, false],
  [['%'], '210987654321', false],
])('roles %j of the account %s: %s', (roles, account, selected) => {
  const query = { ...base, ...(roles && { roles: [...roles] }), ...(account && { account }) };
  expect(selectsRole(query, owner)).toBe(selected);
});

it('compares a pattern with many wildcards and with many starts of a match', () => {
  const pattern = `${'%a'.repeat(4000)}b`;
  const query = { ...base, roles: [pattern] };
  expect(selectsRole(query, { arn: 'a'.repeat(4000), account: '' })).toBe(false);
  expect(selectsRole(query, { arn: `${'a'.repeat(4000)}b`, account: '' })).toBe(true);
});
