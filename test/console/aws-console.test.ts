/** The sign-in address of the AWS console reaches the new tab only. */
import { consoleEndpoints } from '@leasehold/documents';
import type { Broker } from '../../console/app/api/client';
import { BrokerRefusal, PageRefusal } from '../../console/app/api/errors';
import { isSignInOfAws, openAwsConsole } from '../../console/app/request/aws-console';
import { SIGN_IN_ADDRESS } from '../broker/memory';

/** A tab, as far as it is used. */
function aTab() {
  const went: string[] = [];
  const tab = {
    opener: {} as unknown,
    closed: false,
    document: { title: '', body: { textContent: '' } },
    location: { replace: (url: string) => went.push(url) },
    close: () => {
      tab.closed = true;
    },
  };
  return { tab, went, window: tab as unknown as Window };
}

/** A broker that answers with this address. */
function answering(url: string, meanwhile: () => void = () => undefined) {
  const calls: unknown[] = [];
  const broker = (async (...call: unknown[]) => {
    calls.push(call);
    meanwhile();
    return { lease: {}, url, expiresAt: 0 };
  }) as unknown as Broker;
  return { broker, calls };
}

it('the tab gets the address, cannot reach the page, and nobody else gets the address', async () => {
  const { tab, went, window } = aTab();
  const { broker, calls } = answering(SIGN_IN_ADDRESS, () => expect(tab.opener).toBeNull());
  expect(await openAwsConsole(broker, 'lh-1', window)).toBeUndefined();
  expect(calls).toEqual([['console', { as: 'requester', path: { lease: 'lh-1' } }]]);
  expect(went).toEqual([SIGN_IN_ADDRESS]);
  expect(tab).toMatchObject({ opener: null, closed: false });
  expect(JSON.stringify(tab.document)).not.toContain('SigninToken');
});

it('the lease is not used if the browser blocked the tab', async () => {
  const { broker, calls } = answering(SIGN_IN_ADDRESS);
  await expect(openAwsConsole(broker, 'lh-1', null)).rejects.toBeInstanceOf(PageRefusal);
  expect(calls).toEqual([]);
});

it('after a refusal of the broker, the tab is closed, and the error is the refusal', async () => {
  const { tab, went, window } = aTab();
  const refusal = new BrokerRefusal({
    type: 'about:blank',
    title: 'Not possible',
    status: 422,
    detail: 'This broker has no AWS console to sign in to.',
    code: 'invalid-request',
    hint: 'Use the command line.',
    retryable: false,
  });
  const broker = (async () => Promise.reject(refusal)) as unknown as Broker;
  await expect(openAwsConsole(broker, 'lh-1', window)).rejects.toBe(refusal);
  expect([tab.closed, went]).toEqual([true, []]);
});

it('a tab that the person closed goes nowhere', async () => {
  const { tab, went, window } = aTab();
  const { broker } = answering(SIGN_IN_ADDRESS, tab.close);
  await expect(openAwsConsole(broker, 'lh-1', window)).rejects.toBeInstanceOf(PageRefusal);
  expect(went).toEqual([]);
});

it.each([
  ['a script', 'javascript:alert(1)//signin.aws.amazon.com'],
  ['data', 'data:text/html,<h1>AWS</h1>'],
  ['this site', '/console/'],
  ['nothing', ''],
  ['another protocol', 'http://eu-west-1.signin.aws.amazon.com/federation'],
  ['another host', 'https://signin.aws.amazon.com.example.com/federation'],
  ['a host that ends like it', 'https://evil-signin.aws.amazon.com.evil.example/'],
  ['a host without a dot before it', 'https://evilsignin.aws.amazon.com/'],
  ['two labels before it', 'https://a.b.signin.aws.amazon.com/'],
  ['another service of AWS', 'https://bucket.s3.amazonaws.com/index.html'],
  ['another port', 'https://signin.aws.amazon.com:8443/federation'],
  ['a user name', 'https://signin.aws.amazon.com@evil.example/'],
  ['a user name at AWS', 'https://user:password@signin.aws.amazon.com/federation'],
  ['a backslash', 'https:\\\\evil.example\\@signin.aws.amazon.com/'],
])('the tab is not sent to %s', async (_, url) => {
  const { tab, went, window } = aTab();
  await expect(openAwsConsole(answering(url).broker, 'lh-1', window)).rejects.toBeInstanceOf(PageRefusal);
  expect([tab.closed, went]).toEqual([true, []]);
});

it.each(['aws', 'aws-cn', 'aws-us-gov'] as const)('the sign-in of the partition %s is accepted', (partition) => {
  const { signIn } = consoleEndpoints({ partition, region: 'eu-west-1' });
  expect(isSignInOfAws(`${signIn}/federation?Action=login`)).toBe(true);
});
