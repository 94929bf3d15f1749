/** What will run with a lease, as the requester says: shown to approvers, covered by their yes, and of no other effect. */
import { grantHash } from '../../../lib/broker/grant/grant';
import { type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { questionOf } from '../../../lib/broker/verdict/question';
import { aBank, aBrokerOver, personArn } from './support';

const LEAD = personArn('approver', 'lead');
const ONCALL = personArn('approver', 'oncall');
const DEPLOY = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: 'Upload release 1.4.2 to the bucket' };
const COMMAND = "aws s3 cp 'app␣1.js' s3://hermes-dev-deploy/1.4.2/";

async function asked(command?: string) {
  const { call, world } = aBrokerOver();
  const { body } = await call('request', { body: { ...DEPLOY, ...(command === undefined ? {} : { command }) } });
  return { call, world, path: { lease: body.lease.id as string }, grant: body.lease.grant };
}

it('is a part of the grant, so that its hash covers it', async () => {
  const [one, other, none] = [await asked(COMMAND), await asked('curl evil'), await asked()];
  expect([one.grant.command, other.grant.command, none.grant.command]).toEqual([COMMAND, 'curl evil', undefined]);
  expect(new Set([one, other, none].map(({ grant }) => grant.hash)).size).toBe(3);
  const { body } = await one.call('approve', { as: LEAD, path: one.path, body: { hash: other.grant.hash } });
  expect(body.code).toBe('another-grant');
});

it('changes nothing of what is approved and issued', async () => {
  const { call, world, path, grant } = await asked(COMMAND);
  for (const as of [LEAD, ONCALL]) await call('approve', { as, path, body: { hash: grant.hash } });
  expect((await call('collect', { path })).status).toBe(200);
  const [cut] = world.cuts;
  expect(cut?.grant).toMatchObject({ policy: (await asked()).grant.policy, command: COMMAND });
  expect(JSON.stringify(cut?.grant.tags)).not.toContain('aws s3 cp');
});

it('cannot be exchanged after it was asked for', async () => {
  const { world, path } = await asked(COMMAND);
  const written: LeaseEvent[] = [];
  let hash = '';
  for (const { at, body } of world.events.get(path.lease) ?? []) {
    const next = body.type === 'proposed' ? { ...body, grant: { ...body.grant, command: 'ls' } } : body;
    if (next.type === 'proposed') hash = grantHash(next.grant);
    written.push(nextEvent(path.lease, written.at(-1), at, next));
  }
  for (const name of ['lead', 'oncall']) {
    written.push(nextEvent(path.lease, written.at(-1), world.now, { type: 'approved', by: { name }, hash }));
  }
  world.events.set(path.lease, written);
  const { status, body } = await aBrokerOver(aBank(), {}, world).call('collect', { path });
  expect([status >= 400, body.code, world.cuts]).toEqual([true, 'outside-envelope', []]);
});

it('reaches a reviewer among what the requester wrote', () => {
  const requester = { kind: 'agent', name: 'a', key: 'k', groups: [] } as const;
  const asked = { by: 'role', role: 'r', parameters: {} } as const;
  const offer = { lease: 'lh-1', requester, reason: 'r', command: COMMAND, asked, roles: [] };
  expect(questionOf(offer, '').untrusted.command).toBe(COMMAND);
});
