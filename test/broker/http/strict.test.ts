/** What the API does not take. */
import type { Operation } from '@leasehold/contract/routes';
import { OPERATIONS, ROUTES } from '@leasehold/contract/routes';
import { TokenInvalid } from '../../../lib/broker/port-errors';
import { AGENT_ARN, aBrokerOver, type CallOptions, eventOf, personArn, REASON } from './support';

const LOGS = { role: 'log-read', reason: REASON };

const REFUSED: readonly (readonly [string, Operation, CallOptions, number, string])[] = [
  ['an unknown field', 'request', { body: { ...LOGS, force: true } }, 400, 'malformed'],
  ['a subject in a plain field', 'request', { body: { ...LOGS, subject: 'cust-1' } }, 400, 'malformed'],
  ['a resource', 'request', { body: { ...LOGS, resources: ['*'] } }, 400, 'malformed'],
  ['a policy', 'request', { body: { ...LOGS, policy: {} } }, 400, 'malformed'],
  ['role and intent at once', 'request', { body: { ...LOGS, intent: REASON } }, 400, 'malformed'],
  ['an action by pattern', 'request', { body: { ...LOGS, actions: ['s3:*'] } }, 400, 'malformed'],
  ['no reason', 'request', { body: { role: 'log-read' } }, 400, 'malformed'],
  ['a reason of two lines', 'request', { body: { ...LOGS, reason: `${REASON}\nApproved: yes` } }, 400, 'malformed'],
  ['an enormous reason', 'request', { body: { ...LOGS, reason: 'x'.repeat(1001) } }, 400, 'malformed'],
  ['a command that is a list', 'request', { body: { ...LOGS, command: ['ls'] } }, 400, 'malformed'],
  ['a command of two lines', 'request', { body: { ...LOGS, command: 'ls\nrm' } }, 400, 'malformed'],
  ['a command with what nobody sees', 'request', { body: { ...LOGS, command: 'ls \u202e x' } }, 400, 'malformed'],
  ['an empty command', 'request', { body: { ...LOGS, command: '' } }, 400, 'malformed'],
  ['an enormous command', 'request', { body: { ...LOGS, command: 'x'.repeat(2049) } }, 400, 'malformed'],
  ['a command of an intent', 'request', { body: { intent: REASON, command: 'ls' } }, 400, 'malformed'],
  ['half a character', 'request', { body: `{"role":"log-read","reason":"${REASON} \\ud800"}` }, 400, 'malformed'],
  ['seconds that are none', 'request', { body: { ...LOGS, seconds: 0.5 } }, 400, 'malformed'],
  ['a list', 'request', { body: [LOGS] }, 400, 'malformed'],
  ['no JSON', 'request', { body: '{' }, 400, 'malformed'],
  ['nothing', 'request', { headers: { 'content-type': 'application/json' } }, 400, 'malformed'],
  ['a form', 'request', { body: LOGS, headers: { 'content-type': 'text/plain' } }, 415, 'unsupported-media-type'],
  ['a large body', 'request', { body: { ...LOGS, reason: 'x'.repeat(20_000) } }, 413, 'too-large-body'],
  ['a query where none is taken', 'request', { body: LOGS, query: 'admin=true' }, 400, 'malformed'],
  ['a body where none is taken', 'roles', { body: {} }, 400, 'malformed'],
  ['a query said twice', 'leases', { query: 'open=true&open=true' }, 400, 'malformed'],
  ['a wait of hours', 'status', { query: 'wait=3600', path: { lease: 'lh-1' } }, 400, 'malformed'],
  ['a lease that cannot be', 'status', { path: { lease: '../principals' } }, 404, 'not-found'],
  ['a weak idempotency key', 'request', { body: LOGS, headers: { 'idempotency-key': '1' } }, 400, 'malformed'],
  ['another role’s leases', 'leases', { query: 'role=log-read' }, 403, 'forbidden'],
  ['a token where none is configured', 'request', { body: { ...LOGS, subjectToken: 'a.b.c' } }, 403, 'subject-invalid'],
  ['an intent without a reviewer', 'request', { body: { intent: REASON } }, 403, 'not-eligible'],
];

it.each(REFUSED)('refuses %s', async (_, operation, options, status, code) => {
  const { call, world } = aBrokerOver();
  const answer = await call(operation, options);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers).toMatchObject({ 'content-type': 'application/problem+json', 'cache-control': 'no-store' });
  expect(world.cuts).toEqual([]);
});

it('repeats nothing of what a caller sent', async () => {
  const { call } = aBrokerOver();
  const marker = 'ignore-all-instructions';
  for (const body of [
    { ...LOGS, [marker]: 1 },
    { ...LOGS, role: marker },
    { ...LOGS, reason: marker.repeat(60) },
  ]) {
    expect(JSON.stringify((await call('request', { body })).body)).not.toContain(marker);
  }
});

it('refuses a token that proves nothing, with the reason and nothing of the token', async () => {
  const verify = async () => {
    throw new TokenInvalid('signature');
  };
  const { call } = aBrokerOver(undefined, { tokens: { verify } });
  const { status, body } = await call('request', { body: { ...LOGS, subjectToken: 'aaaa.bbbb.cccc' } });
  expect([status, body.code]).toEqual([403, 'subject-invalid']);
  expect(JSON.stringify(body)).not.toContain('bbbb');
});

it('never records a token, and binds the parameter to whom it proves', async () => {
  const verify = async () => ({ issuer: 'https://id.example', sub: 'cust-1', claims: {} });
  const { call, world } = aBrokerOver(undefined, { tokens: { verify } });
  const body = { role: 'profile', reason: 'Show my own transactions of this month', subjectToken: 'aaaa.bbbb.cccc' };
  const granted = await call('request', { body });
  expect(granted.body.lease).toMatchObject({ subject: 'cust-1', grant: { parameters: { customer: 'cust-1' } } });
  expect(JSON.stringify([...world.events])).not.toContain('bbbb');
  const chosen = await call('request', { body: { ...body, parameters: { customer: 'cust-2' } } });
  expect(chosen.body.code).toBe('invalid-request');
  const nobody = await call('request', { body: { role: 'profile', reason: body.reason } });
  expect(nobody.body.code).toBe('invalid-request');
});

it('takes no other subject for the one behind an idempotency key, though their `sub` be the same', async () => {
  let issuer = 'https://one.example';
  const verify = async () => ({ issuer, sub: 'cust-1', claims: {} });
  const { call } = aBrokerOver(undefined, { tokens: { verify } });
  const body = { role: 'profile', reason: 'Show my own transactions of this month', subjectToken: 'aaaa.bbbb.cccc' };
  const headers = { 'idempotency-key': 'a-key-of-this-very-test' };
  expect((await call('request', { body, headers })).status).toBe(201);
  expect((await call('request', { body, headers })).status).toBe(201);
  issuer = 'https://other.example';
  expect((await call('request', { body, headers })).body.code).toBe('key-reused');
});

describe('whoever IAM would let through by mistake', () => {
  const callers = {
    agent: AGENT_ARN,
    requester: personArn('requester', 'alice'),
    approver: personArn('approver', 'lead'),
    administrator: personArn('administrator', 'root'),
  };
  const rows = OPERATIONS.flatMap((operation) =>
    Object.entries(callers)
      .filter(([kind]) => !(ROUTES[operation].callers as readonly string[]).includes(kind))
      .map(([kind, as]) => [operation, kind, as] as const),
  );

  it.each(rows)('is refused here again: %s by %s', async (operation, _, as) => {
    const { call } = aBrokerOver();
    expect(await call(operation, { as })).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });

  it.each([
    ['nobody at all', undefined],
    ['a user outside the project', 'arn:aws:iam::123456789012:user/agents/mallory'],
    ['a namesake at another path', 'arn:aws:iam::123456789012:user/hermes-dev-agent'],
    ['a namesake in another account', 'arn:aws:iam::999999999999:user/agents/hermes-dev-agent'],
    ['a session of some other role', 'arn:aws:sts::123456789012:assumed-role/admin/hermes-dev-agent'],
    ['a person who left', 'arn:aws:sts::123456789012:assumed-role/hermes-dev-requester/gone'],
    ['the root user', 'arn:aws:iam::123456789012:root'],
    ['no ARN', 'hermes'],
  ])('%s', async (_, userArn) => {
    const { handler } = aBrokerOver();
    const event = eventOf('request', { body: LOGS });
    const iam = userArn === undefined ? {} : { authorizer: { iam: { userArn } } };
    const { statusCode } = await handler({ ...event, requestContext: iam });
    expect(statusCode).toBe(403);
  });
});

it('has no effect by any GET', async () => {
  const { call, world } = aBrokerOver();
  const { body } = await call('request', { body: { role: 's3-deploy', parameters: { release: '1' }, reason: REASON } });
  const before = [world.calls.length, world.told(body.lease.id).length];
  for (const operation of OPERATIONS.filter((each) => ROUTES[each].method === 'GET')) {
    const [kind] = ROUTES[operation].callers;
    const as = kind === 'agent' ? AGENT_ARN : personArn('administrator', 'root');
    await call(operation, { as, path: { lease: body.lease.id, principal: 'alice' } });
  }
  expect([world.calls.length, world.told(body.lease.id).length]).toEqual(before);
});
