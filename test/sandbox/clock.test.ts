/** A clock that tests can move. */
import { Clock } from '@leasehold/sandbox';
import { Cast, LEASE } from './support/cast';

it('runs with the machine, can be moved by seconds, and set to a moment', () => {
  const clock = new Clock();
  clock.set(new Date('2030-01-01T00:00:00Z'));
  clock.advance(90);
  expect(new Date(clock.now()).toISOString().slice(0, 19)).toBe('2030-01-01T00:01:30');
  clock.advance(-30);
  expect(new Date(clock.now()).toISOString().slice(0, 19)).toBe('2030-01-01T00:01:00');
  expect(() => clock.set(new Date('never'))).toThrow(RangeError);
});

it('moves codes: the next step has another code, which is good', async () => {
  const cast = await Cast.enter();
  const keys = await cast.keys('alice');
  const ask = () => cast.call('sts', cast.fill(LEASE), keys).then(({ status }) => status);
  expect([await ask(), await ask()]).toEqual([200, 403]);
  cast.sandbox.clock.advance(30);
  expect([await ask(), await ask()]).toEqual([200, 403]);
  await cast.leave();
});

it('leaves signatures alone: a client signs with its own time, however far the clock has gone', async () => {
  const cast = await Cast.enter();
  cast.sandbox.clock.set(new Date('2050-01-01T00:00:00Z'));
  const { status } = await cast.call('sts', { Action: 'GetCallerIdentity' }, await cast.keys('alice'));
  expect(status).toBe(200);
  await cast.leave();
});

it('is what policies see as aws:CurrentTime', async () => {
  const cast = await Cast.enter();
  const window = { DateGreaterThan: { 'aws:CurrentTime': '2027-06-01T00:00:00Z' } };
  const policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*', Condition: window }],
  });
  const { text } = await cast.call(
    'sts',
    cast.fill({
      Action: 'AssumeRole',
      RoleArn: '{open}',
      RoleSessionName: 'timed',
      DurationSeconds: '43200',
      Policy: policy,
    }),
    await cast.keys('alice'),
  );
  const field = (name: string) => new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1] ?? '';
  const keys = {
    accessKeyId: field('AccessKeyId'),
    secretAccessKey: field('SecretAccessKey'),
    sessionToken: field('SessionToken'),
  };
  const call = cast.fill({ Action: 'AssumeRole', RoleArn: '{next}', RoleSessionName: 'chained' });
  expect((await cast.call('sts', call, keys)).message).toContain('no session policy allows');
  await cast.leave();
  const later = await Cast.enter();
  later.sandbox.clock.set(new Date('2027-07-01T00:00:00Z'));
  const opened = await later.call(
    'sts',
    later.fill({ Action: 'AssumeRole', RoleArn: '{open}', RoleSessionName: 'timed', Policy: policy }),
    await later.keys('alice'),
  );
  expect(opened.status).toBe(200);
  await later.leave();
});
