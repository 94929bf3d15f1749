/** How a human is asked: once, for a while, and not again and again. */
import { getEventListeners } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Approval, type ApprovalChannel, type ApprovalRequest, LeaseError } from '@leasehold/runtime';
import { callerIdentity, Desk, REQUEST } from './support/desk';

let desk: Desk;

beforeEach(async () => {
  desk = await Desk.open();
});
afterEach(() => desk.close());

/** An approver who answers when told. */
class Patient {
  readonly questions: {
    readonly request: ApprovalRequest;
    readonly signal: AbortSignal;
    readonly answer: (approval: Approval) => void;
    readonly refuse: (error: unknown) => void;
  }[] = [];

  readonly channel: ApprovalChannel = (request, { signal }) =>
    new Promise((answer, refuse) => {
      this.questions.push({ request, signal, answer, refuse });
    });

  async question(index = 0) {
    for (;;) {
      const found = this.questions[index];
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

const denied = () => new LeaseError('denied', 'lead denied the lease', 'Do not ask again.', false);
const codeOf = () => {
  desk.sandbox.clock.advance(30);
  return desk.device.code();
};

describe('two identical requests at once', () => {
  it('ask the human once, and get the same lease', async () => {
    const client = desk.client();
    const leases = await Promise.all([client.lease('s3-deploy', REQUEST), client.lease('s3-deploy', { ...REQUEST })]);
    expect(desk.asked).toHaveLength(1);
    expect(leases[0]).toBe(leases[1]);
  });

  it('are both refused by one no', async () => {
    const patient = new Patient();
    const client = desk.client({ approval: patient.channel });
    const asked = [client.lease('s3-deploy', REQUEST), client.lease('s3-deploy', REQUEST)];
    (await patient.question()).refuse(denied());
    expect(await Promise.allSettled(asked)).toMatchObject([
      { reason: { code: 'denied' } },
      { reason: { code: 'denied' } },
    ]);
    expect(patient.questions).toHaveLength(1);
  });

  it.each([
    ['a reason', { reason: 'Upload release 1.4.2 to the deploy bucket again' }],
    ['a parameter', { parameters: { release: '1.4.3' } }],
    ['a duration', { duration: 1000 }],
    ['a narrowing', { narrow: { actions: ['s3:GetObject'] } }],
  ])('are two when they differ in %s', async (_, difference) => {
    const patient = new Patient();
    const client = desk.client({ approval: patient.channel });
    const asked = [client.lease('s3-deploy', REQUEST), client.lease('s3-deploy', { ...REQUEST, ...difference })];
    // One after the other: AWS takes codes in their order only.
    (await patient.question(0)).answer(new Approval('lead', codeOf()));
    await Promise.race(asked);
    (await patient.question(1)).answer(new Approval('lead', codeOf()));
    await Promise.all(asked);
    expect(patient.questions).toHaveLength(2);
  });

  it('are two when one comes after the other', async () => {
    const client = desk.client();
    const first = await client.lease('s3-deploy', REQUEST);
    const second = await client.lease('s3-deploy', REQUEST);
    expect(first.id).not.toBe(second.id);
    expect(desk.asked).toHaveLength(2);
  });

  it('go on for the one when the other is taken back', async () => {
    const patient = new Patient();
    const client = desk.client({ approval: patient.channel });
    const controller = new AbortController();
    const first = client.lease('s3-deploy', { ...REQUEST, signal: controller.signal });
    const second = client.lease('s3-deploy', { ...REQUEST, signal: new AbortController().signal });
    const { signal, answer } = await patient.question();
    controller.abort();
    await expect(first).rejects.toMatchObject({ code: 'aborted' });
    expect(signal.aborted).toBe(false);
    answer(new Approval('lead', codeOf()));
    await expect(second).resolves.toMatchObject({ role: 's3-deploy' });
  });

  it('end when both are taken back, and a third one asks anew', async () => {
    const patient = new Patient();
    const client = desk.client({ approval: patient.channel });
    const controller = new AbortController();
    const request = { ...REQUEST, signal: controller.signal };
    const asked = [client.lease('s3-deploy', request), client.lease('s3-deploy', request)];
    const { signal } = await patient.question();
    controller.abort();
    expect(await Promise.allSettled(asked)).toMatchObject([
      { reason: { code: 'aborted' } },
      { reason: { code: 'aborted' } },
    ]);
    expect(signal.aborted).toBe(true);
    const third = client.lease('s3-deploy', REQUEST);
    (await patient.question(1)).answer(new Approval('lead', codeOf()));
    await expect(third).resolves.toMatchObject({ role: 's3-deploy' });
  });
});

describe('taking a request back', () => {
  it('asks nobody when it happened before', async () => {
    const client = desk.client();
    await expect(client.lease('s3-deploy', { ...REQUEST, signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(desk.asked).toHaveLength(0);
  });

  it('takes the question back, and no late yes opens anything', async () => {
    const patient = new Patient();
    const controller = new AbortController();
    const asked = desk
      .client({ approval: patient.channel })
      .lease('s3-deploy', { ...REQUEST, signal: controller.signal });
    const { signal, answer } = await patient.question();
    controller.abort();
    await expect(asked).rejects.toMatchObject({ code: 'aborted' });
    expect(signal.aborted).toBe(true);
    answer(new Approval('lead', codeOf()));
    await new Promise((resolve) => setTimeout(resolve, 20));
    // Whose key it is was asked, and nothing else.
    expect(desk.sandbox.log.events.filter(({ eventName }) => eventName !== 'GetCallerIdentity')).toEqual([]);
  });

  it('leaves nothing behind on the signal', async () => {
    const { signal } = new AbortController();
    const client = desk.client();
    for (let index = 0; index < 3; index++) await client.lease('s3-deploy', { ...REQUEST, signal });
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});

it('a question lapses after the seconds that are configured, whatever its channel does', async () => {
  const patient = new Patient();
  const client = desk.client({ approval: patient.channel, answerWithin: 1 });
  const asked = client.lease('s3-deploy', REQUEST);
  const { request, signal } = await patient.question();
  expect((request.answerBy.getTime() - desk.sandbox.clock.now()) / 1000).toBeLessThan(1.1);
  await expect(asked).rejects.toMatchObject({
    code: 'lapsed',
    retryable: true,
    message: 'nobody answered within 1 seconds',
  });
  expect(signal.aborted).toBe(true);
});

describe('an answer', () => {
  it.each([
    ['of somebody who is no approver', () => new Approval('mallory', '123456'), 'not an approver of this request'],
    ['of a name that objects have', () => new Approval('toString', '123456'), 'not an approver of this request'],
    ['with five digits', () => new Approval('lead', '12345'), 'no code of six digits'],
    ['with letters', () => new Approval('lead', '12345a'), 'no code of six digits'],
    ['with digits of another script', () => new Approval('lead', '１２３４５６'), 'no code of six digits'],
    ['whose code was taken', () => taken(new Approval('lead', '123456')), 'no code of six digits'],
    ['that is none', () => undefined as never, 'the approval channel failed'],
    ['that is the code itself', () => '123456' as never, 'the approval channel failed'],
  ])('%s opens nothing', async (_, answer, message) => {
    await expect(desk.client({ approval: async () => answer() }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({
      code: 'channel-failed',
      message: expect.stringContaining(message),
    });
    // Whose key it is was asked, and nothing else.
    expect(desk.sandbox.log.events.filter(({ eventName }) => eventName !== 'GetCallerIdentity')).toEqual([]);
  });

  function taken(approval: Approval): Approval {
    approval.takeCode();
    return approval;
  }

  it('that never comes because the channel throws is a failure of the channel', async () => {
    const approval = () => {
      throw new TypeError('no channel');
    };
    await expect(desk.client({ approval }).lease('s3-deploy', REQUEST)).rejects.toMatchObject({
      code: 'channel-failed',
      retryable: true,
      cause: expect.objectContaining({ name: 'TypeError', message: 'no channel' }),
    });
  });
});

describe('after three denials in a row', () => {
  const no: ApprovalChannel = async (request) => {
    desk.asked.push(request);
    throw denied();
  };

  async function codes(client: ReturnType<Desk['client']>, times: number): Promise<readonly string[]> {
    const found: string[] = [];
    for (let index = 0; index < times; index++) {
      found.push(
        await client.lease('s3-deploy', REQUEST).then(
          () => 'leased',
          (error: LeaseError) => error.code,
        ),
      );
    }
    return found;
  }

  it('nobody is asked for 15 minutes, and the agent is told when', async () => {
    const client = desk.client({ approval: no });
    expect(await codes(client, 5)).toEqual(['denied', 'denied', 'denied', 'circuit-open', 'circuit-open']);
    expect(desk.asked).toHaveLength(3);
    await expect(client.lease('s3-deploy', REQUEST)).rejects.toMatchObject({
      retryable: true,
      message: expect.stringMatching(/^3 requests in a row were denied or lapsed; nobody is asked before \d{4}-/),
      hint: 'Stop requesting, and report to a human what was denied.',
    });
    desk.sandbox.clock.advance(880);
    expect(await codes(client, 1)).toEqual(['circuit-open']);
    desk.sandbox.clock.advance(21);
    expect(await codes(client, 2)).toEqual(['denied', 'circuit-open']);
  });

  it('each further one doubles the pause, up to four hours', async () => {
    const client = desk.client({ approval: no });
    await codes(client, 3);
    for (const pause of [900, 1800, 3600, 7200, 14_400, 14_400]) {
      desk.sandbox.clock.advance(pause - 20);
      expect(await codes(client, 1)).toEqual(['circuit-open']);
      desk.sandbox.clock.advance(22);
      expect(await codes(client, 1)).toEqual(['denied']);
    }
  });

  it('a lease lets the counting begin anew', async () => {
    let answer: ApprovalChannel = no;
    const client = desk.client({ approval: (request, options) => answer(request, options) });
    await codes(client, 2);
    answer = desk.yes;
    expect(await codes(client, 1)).toEqual(['leased']);
    answer = no;
    expect(await codes(client, 4)).toEqual(['denied', 'denied', 'denied', 'circuit-open']);
  });

  it("AWS's own refusals count", async () => {
    const approval: ApprovalChannel = async () => new Approval('oncall', '123456');
    expect(await codes(desk.client({ approval }), 4)).toEqual(['denied', 'denied', 'denied', 'circuit-open']);
  });

  it('questions that lapsed count', async () => {
    const approval: ApprovalChannel = async () => {
      throw new LeaseError('lapsed', 'nobody answered', 'Ask again.', true);
    };
    expect(await codes(desk.client({ approval }), 4)).toEqual(['lapsed', 'lapsed', 'lapsed', 'circuit-open']);
  });

  it('what asked nobody, failed on its way or was taken back does not count', async () => {
    let calls = 0;
    const approval: ApprovalChannel = async () => {
      calls++;
      throw new Error('no network');
    };
    const client = desk.client({ approval });
    expect(await codes(client, 4)).toEqual(Array(4).fill('channel-failed'));
    for (let index = 0; index < 4; index++) {
      await expect(client.lease('s3-deploy', { ...REQUEST, reason: '' })).rejects.toMatchObject({
        code: 'invalid-request',
      });
    }
    expect(await codes(client, 1)).toEqual(['channel-failed']);
    expect(calls).toBe(5);
  });

  it('another client asks on', async () => {
    await codes(desk.client({ approval: no }), 4);
    expect(await codes(desk.client(), 1)).toEqual(['leased']);
  });
});

it.each([
  [
    'has a fault of its own',
    500,
    '<ErrorResponse><Error><Code>InternalFailure</Code><Message>x</Message></Error></ErrorResponse>',
  ],
  [
    'asks for patience',
    400,
    '<ErrorResponse><Error><Code>Throttling</Code><Message>x</Message></Error></ErrorResponse>',
  ],
  ['answers no XML', 200, 'hello'],
  ['answers no credentials', 200, '<AssumeRoleResponse><AssumeRoleResult/></AssumeRoleResponse>'],
])('an AWS that %s is sent the code once', async (_, status, body) => {
  let calls = 0;
  const server = createServer(async (request, response) => {
    let sent = '';
    for await (const chunk of request) sent += chunk;
    response.setHeader('content-type', 'text/xml');
    if (sent.includes('Action=GetCallerIdentity')) return response.end(callerIdentity());
    calls++;
    return response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const error = await desk
    .client({ endpoint })
    .lease('s3-deploy', REQUEST)
    .catch((thrown: unknown) => thrown);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  expect(error).toMatchObject({ code: 'unavailable' });
  expect(calls).toBe(1);
});

it('an AWS that cannot be reached is told apart from a no', async () => {
  const client = desk.client({ endpoint: 'http://127.0.0.1:1' });
  await expect(client.lease('s3-deploy', REQUEST)).rejects.toMatchObject({
    code: 'unavailable',
    retryable: true,
    message: expect.stringContaining('AWS could not be reached'),
  });
});
