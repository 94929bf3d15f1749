/** What a person is told whose broker gets no sign-in address of the AWS console. */
import { defined } from '@leasehold/contract/defined';
import { Refused, Unavailable } from '../../../lib/broker/port-errors';
import { World } from '../memory';
import { aBank, aBrokerOver, personArn, REASON } from './support';

const ALICE = personArn('requester', 'alice');

/** An approved lease at a broker whose issuer has this console. */
async function opened(console?: () => Promise<never>) {
  const world = new World();
  const { cut } = world.ports().issuer;
  const { call } = aBrokerOver(aBank(), { issuer: { cut, ...defined({ console }) } }, world);
  const { body } = await call('request', { as: ALICE, body: { role: 'ops-read', reason: REASON } });
  const path = { lease: body.lease.id };
  await call('approve', { as: personArn('approver', 'oncall'), path, body: { hash: body.lease.grant.hash } });
  const { status, body: refusal } = await call('console', { as: ALICE, path });
  const { state } = (await call('status', { as: ALICE, path })).body;
  return { world, status, refusal, state };
}

it('where there is no AWS console, the lease stays unused', async () => {
  const { world, status, refusal, state } = await opened();
  expect([status, refusal.code, refusal.retryable, state]).toEqual([422, 'invalid-request', false, 'approved']);
  expect(refusal.hint).toContain('`leasehold exec` with `--lease`');
  expect(world.cuts).toEqual([]);
});

it.each([
  ['refuses', new Refused('signin:GetSigninToken', 'Status400')],
  ['does not answer', new Unavailable('signin:GetSigninToken')],
])('where AWS %s, the person is told that the lease has begun, and what to do', async (_, error) => {
  const { world, status, refusal, state } = await opened(() => Promise.reject(error));
  expect([status, refusal.code, state]).toEqual([503, 'unavailable', 'issued']);
  expect(refusal.detail).toBe('AWS did not return a sign-in address for the console. The lease is already running.');
  expect(refusal.hint).toMatch(/^Try again within a minute\./);
  expect(world.counts).toContain('Failed');
  expect(world.errors).toEqual([`console: ${error}`]);
});
