/** What is found out before a human is asked, and that no code is lost or sent twice. */
import { Approval, type ApprovalChannel } from '@leasehold/runtime';
import { Desk, REQUEST } from './support/desk';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk.close());
beforeEach(() => {
  desk.asked.length = 0;
});

it.each([
  [
    'STS cannot be reached',
    { endpoint: 'http://127.0.0.1:9' },
    'unavailable',
    /AWS could not be reached at http:\/\/127\.0\.0\.1:9 /,
  ],
  [
    'the key is wrong',
    { credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'x' } },
    'denied',
    /refused/,
  ],
])('asks nobody when %s, and names the cause', async (_, options, code, message) => {
  const error: unknown = await desk
    .client(options)
    .lease('s3-deploy', REQUEST)
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(desk.asked).toEqual([]);
});

it("asks nobody when the key is somebody else's, and says whose", async () => {
  const { accessKeyId, secretAccessKey } = desk.sandbox.administrator;
  const client = desk.client({ credentials: { accessKeyId, secretAccessKey } });
  await expect(client.lease('s3-deploy', REQUEST)).rejects.toMatchObject({
    code: 'invalid-request',
    message: expect.stringMatching(/leasehold-sandbox-administrator, and the agent agent is .*hermes-dev-agent/),
  });
  expect(desk.asked).toEqual([]);
});

it('does not send a code a second time, and tells the channel that it was used', async () => {
  const used: boolean[] = [];
  let code = '';
  const approval: ApprovalChannel = async (_, { isUsed }) => {
    if (code === '') {
      desk.sandbox.clock.advance(30);
      code = desk.device.code();
    }
    used.push(isUsed?.('lead', code) ?? false);
    return new Approval('lead', code);
  };
  const client = desk.client({ approval });
  await client.lease('s3-deploy', REQUEST);
  const calls = desk.sandbox.log.events.length;
  await expect(
    client.lease('s3-deploy', { ...REQUEST, reason: 'Upload release 1.4.3 of the web shop' }),
  ).rejects.toMatchObject({
    code: 'channel-failed',
    retryable: true,
    message: expect.stringContaining('already used'),
  });
  expect(used).toEqual([false, true]);
  const sent = desk.sandbox.log.events.slice(calls).map(({ eventName }) => eventName);
  expect(sent).not.toContain('AssumeRole');
});

it('tells the channel what AWS answered, and only then', async () => {
  const told: unknown[] = [];
  const approval: ApprovalChannel = async (request, context) => {
    void context.outcome?.then((outcome) => told.push(outcome));
    await Promise.resolve();
    told.push('passed on');
    return desk.yes(request, context);
  };
  await desk.client({ approval }).lease('s3-deploy', REQUEST);
  expect(told).toEqual(['passed on', { opened: true, because: expect.stringMatching(/^It is open until .* UTC\.$/) }]);
});

it('tells it when AWS did not take the code', async () => {
  let outcome: unknown;
  const approval: ApprovalChannel = async (_, context) => {
    void context.outcome?.then((came) => {
      outcome = came;
    });
    return new Approval('lead', '000000');
  };
  await expect(desk.client({ approval }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({ code: 'denied' });
  expect(outcome).toMatchObject({ opened: false, because: expect.stringContaining('AWS refused') });
});
