/** Signing a person in to the console, with a server that speaks the federation endpoint's protocol. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { defined } from '@leasehold/contract/defined';
import { ConsoleSignIn } from '../../../lib/broker/adapters/console-sign-in';
import { HeldCredentials } from '../../../lib/broker/adapters/held-credentials';
import { Refused, Unavailable } from '../../../lib/broker/port-errors';
import { anEnvironment } from '../../support/environment';
import { listen, type Running, textOf } from './support';

const CREDENTIALS = new HeldCredentials({
  accessKeyId: 'ASIAEXAMPLE',
  secretAccessKey: 'secret/of+the=lease',
  sessionToken: 'token of the lease',
  expiresAt: 3600,
});
const TOKEN = 'a token/with+signs=&more';

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly type: string;
  readonly form: URLSearchParams;
}

let federation: Running;
let asked: Asked[];
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  asked = [];
  answer = (response) => response.end(JSON.stringify({ SigninToken: TOKEN }));
  const serve = async (message: IncomingMessage, response: ServerResponse) => {
    const form = new URLSearchParams(await textOf(message));
    const { method = '', url = '', headers } = message;
    asked.push({ method, url, type: headers['content-type'] ?? '', form });
    answer(response);
  };
  federation = await listen(createServer((message, response) => void serve(message, response)));
});
afterEach(() => federation.stop());

const signIn = (options: { endpoint?: string; now?: number; timeout?: number } = {}) =>
  new ConsoleSignIn({
    environment: anEnvironment(),
    clock: () => options.now ?? 1000,
    endpoint: options.endpoint ?? federation.url,
    ...defined({ timeout: options.timeout }),
  });

it('sends the credentials in a body, never in an address, and asks for no length of its own', async () => {
  await signIn().address(CREDENTIALS);
  expect(asked).toHaveLength(1);
  const [{ method, url, type, form } = {} as Asked] = asked;
  expect([method, url, type]).toEqual(['POST', '/federation', 'application/x-www-form-urlencoded']);
  expect([...form.keys()]).toEqual(['Action', 'Session']);
  expect(form.get('Action')).toBe('getSigninToken');
  expect(JSON.parse(form.get('Session') ?? '')).toEqual({
    sessionId: 'ASIAEXAMPLE',
    sessionKey: 'secret/of+the=lease',
    sessionToken: 'token of the lease',
  });
});

it('gives an address that signs in by the token alone', async () => {
  const { url } = await signIn().address(CREDENTIALS);
  const { origin, pathname, searchParams } = new URL(url);
  expect([origin, pathname]).toEqual([federation.url, '/federation']);
  expect(Object.fromEntries(searchParams)).toEqual({
    Action: 'login',
    Issuer: 'leasehold',
    Destination: 'https://ap-northeast-2.console.aws.amazon.com/',
    SigninToken: TOKEN,
  });
  expect(decodeURIComponent(url)).not.toMatch(/secret|ASIA|token of the lease/);
});

it('is good for 15 minutes, and no longer than the credentials', async () => {
  expect((await signIn({ now: 1000 }).address(CREDENTIALS)).expiresAt).toBe(1900);
  expect((await signIn({ now: 3000 }).address(CREDENTIALS)).expiresAt).toBe(3600);
});

it.each([
  ['aws', 'eu-west-1', 'https://eu-west-1.signin.aws.amazon.com', 'https://eu-west-1.console.aws.amazon.com/'],
  ['aws-cn', 'cn-north-1', 'https://signin.amazonaws.cn', 'https://cn-north-1.console.amazonaws.cn/'],
  [
    'aws-us-gov',
    'us-gov-west-1',
    'https://signin.amazonaws-us-gov.com',
    'https://us-gov-west-1.console.amazonaws-us-gov.com/',
  ],
] as const)('is in partition %s', async (partition, region, origin, home) => {
  // Everything but the network itself.
  const fetched = jest.spyOn(globalThis, 'fetch').mockImplementation(async (url) => {
    expect(String(url)).toBe(`${origin}/federation`);
    return new Response(JSON.stringify({ SigninToken: TOKEN }));
  });
  try {
    const environment = anEnvironment({ partition, region });
    const { url } = await new ConsoleSignIn({ environment, clock: () => 0 }).address(CREDENTIALS);
    expect(new URL(url).origin).toBe(origin);
    expect(new URL(url).searchParams.get('Destination')).toBe(home);
  } finally {
    fetched.mockRestore();
  }
});

it('sends credentials nowhere in the clear', () => {
  expect(() => signIn({ endpoint: 'http://signin.example.com' })).toThrow(TypeError);
});

describe('where AWS', () => {
  it.each<[string, (response: ServerResponse) => void, typeof Refused | typeof Unavailable]>([
    ['refuses the credentials', (response) => response.writeHead(400).end('{"secret/of+the=lease": 1}'), Refused],
    ['has a fault', (response) => response.writeHead(500).end(), Unavailable],
    ['sends elsewhere', (response) => response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), Unavailable],
    ['answers with something else', (response) => response.end('<html>'), Unavailable],
    ['answers without a token', (response) => response.end('{"SigninToken": ""}'), Unavailable],
    ['answers with a list', (response) => response.end('null'), Unavailable],
    ['never ends', (response) => response.end('x'.repeat(1 << 17)), Unavailable],
    ['hangs up', (response) => response.destroy(), Unavailable],
    ['does not answer', () => undefined, Unavailable],
  ])('%s, nobody is signed in, and nothing of the credentials is told', async (name, how, kind) => {
    answer = how;
    const timeout = name === 'does not answer' ? 200 : 60_000;
    const error = await signIn({ timeout })
      .address(CREDENTIALS)
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ call: 'signin:GetSigninToken' });
    expect(inspect(error, { depth: 20, showHidden: true })).not.toMatch(/secret\/of|ASIAEXAMPLE|token of the lease/);
  });
});
