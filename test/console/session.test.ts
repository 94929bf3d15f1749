/** The session of the console: what happens after a sign-out, and after another person signs in. */
import { brokerAt } from '../../console/app/api/client';
import { SignedOut } from '../../console/app/api/errors';
import { Session } from '../../console/app/session/session';

const API = 'https://leases.example.com/dev';
const ISSUER = 'https://issuer.example.com';
/** Seconds after which a token is no longer used, because it is about to end. */
const SHORT = 5;
const MOST_TRIES = 5000;

type Reply = Readonly<Record<string, unknown>>;

/** An issuer that answers each request for tokens when the test lets it, and a broker that refuses every token. */
class FakeIssuer {
  readonly revoked: string[] = [];
  /** The tokens of the calls to the broker. */
  readonly called: string[] = [];
  /** The status of the first call to the broker. */
  firstCall: Promise<number> = Promise.resolve(401);
  /** The requests for tokens that have no answer yet. */
  readonly asked: { readonly grant: string | null; readonly answer: (reply: Reply) => void }[] = [];

  readonly fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.href === `${API}/console.json`)
      return json({ issuer: ISSUER, clientId: 'console', scope: 'openid leases' });
    if (url.pathname === '/.well-known/openid-configuration') {
      const at = (path: string) => `${ISSUER}/${path}`;
      return json({
        issuer: ISSUER,
        authorization_endpoint: at('authorize'),
        token_endpoint: at('token'),
        revocation_endpoint: at('revoke'),
      });
    }
    if (url.pathname.startsWith('/dev/people/')) {
      const token = new Headers(init?.headers).get('authorization')?.replace('Bearer ', '') ?? '';
      this.called.push(token);
      return json({}, this.called.length === 1 ? await this.firstCall : 401);
    }
    const body = new URLSearchParams(String(init?.body));
    if (url.pathname === '/revoke') {
      this.revoked.push(body.get('token') ?? '');
      return json({});
    }
    return new Promise((resolve) => {
      this.asked.push({ grant: body.get('grant_type'), answer: (reply) => resolve(json(reply)) });
    });
  };

  /** Waits for the next request for tokens, and answers it. */
  async answer(reply: Reply): Promise<void> {
    await until(() => this.asked.length > 0);
    this.asked.shift()?.answer({ token_type: 'Bearer', ...reply });
  }
}

let issuer: FakeIssuer;
let session: Session;
/** The address that a window for a second sign-in opened. */
let opened: { readonly window: Window; address: string; closed: boolean };

beforeEach(() => {
  issuer = new FakeIssuer();
  const storage = new Map<string, string>();
  const page = new URL(`${API}/console/signed-in?code=c1&state=s1`);
  Object.assign(globalThis, {
    fetch: issuer.fetch,
    location: page,
    history: { replaceState: () => undefined },
    sessionStorage: {
      getItem: (name: string) => storage.get(name) ?? null,
      setItem: (name: string, value: string) => storage.set(name, value),
      removeItem: (name: string) => storage.delete(name),
    },
  });
  storage.set('leasehold.sign-in', JSON.stringify({ state: 's1', verifier: 'v'.repeat(43), route: '/' }));
  const replace = (address: string) => {
    opened.address = address;
  };
  const close = () => {
    opened.closed = true;
  };
  opened = { window: { location: { replace }, close } as unknown as Window, address: '', closed: false };
  session = new Session();
});

/** Signs in. */
async function signedIn({ seconds = 900, renewable = true, person }: Partial<Signed> = {}): Promise<void> {
  const started = session.start();
  await issuer.answer({ ...tokens('t1', person, seconds), ...(renewable ? { refresh_token: 'r1' } : {}) });
  await started;
  expect(session.state).toEqual({ kind: 'signed-in' });
}

interface Signed {
  readonly seconds: number;
  /** Whether the issuer sends a refresh token. */
  readonly renewable: boolean;
  readonly person: string;
}

/** The person returns from the issuer in the other window. */
async function returned(): Promise<void> {
  await until(() => opened.address !== '');
  const channel = new BroadcastChannel('leasehold.signed-in');
  channel.postMessage(`?code=c2&state=${new URL(opened.address).searchParams.get('state')}`);
  channel.close();
}

describe('a sign-out is not undone', () => {
  it('by a renewal in flight, whose new tokens are revoked', async () => {
    await signedIn({ seconds: SHORT });
    const token = session.source.accessToken();
    await until(() => issuer.asked.length > 0);
    await session.signOut();
    await Promise.all([issuer.answer({ ...tokens('t2'), refresh_token: 'r2' }), rejected(token)]);
    expect(session.state.kind).toBe('signed-out');
    expect(issuer.revoked).toEqual(['r1', 'r2']);
    await rejected(session.source.accessToken());
  });

  it('by a renewal whose new tokens contain no refresh token', async () => {
    await signedIn({ seconds: SHORT });
    const token = session.source.accessToken();
    await until(() => issuer.asked.length > 0);
    await session.signOut();
    await Promise.all([issuer.answer(tokens('t2')), rejected(token)]);
    // The issuer did not replace the refresh token, so it is revoked again, with everything that it gave.
    expect(issuer.revoked).toEqual(['r1', 'r1']);
  });

  it('by a renewal that fails', async () => {
    await signedIn({ seconds: SHORT });
    const token = session.source.accessToken();
    await until(() => issuer.asked.length > 0);
    await session.signOut();
    await Promise.all([issuer.answer({ access_token: 7 }), rejected(token)]);
    expect(session.state.kind).toBe('signed-out');
  });

  it('by a sign-in in another window, whose new tokens are revoked', async () => {
    await signedIn();
    const again = session.signInAgain(() => opened.window);
    await returned();
    await until(() => issuer.asked.length > 0);
    await session.signOut();
    await issuer.answer({ ...tokens('t2'), refresh_token: 'r2' });
    await again;
    expect(session.state.kind).toBe('signed-out');
    expect(issuer.revoked).toEqual(['r1', 'r2']);
    expect(opened.closed).toBe(true);
  });

  it('by a sign-in that returns from the other window afterwards: its code is not exchanged', async () => {
    await signedIn();
    const again = session.signInAgain(() => opened.window);
    await until(() => opened.address !== '');
    await session.signOut();
    await returned();
    await again;
    expect(session.state.kind).toBe('signed-out');
    expect(issuer.asked).toEqual([]);
    expect(opened.closed).toBe(true);
  });

  it('by an answer of the broker that arrives afterwards, which nobody gets', async () => {
    await signedIn();
    let answer = (_: number): void => undefined;
    issuer.firstCall = new Promise((resolve) => {
      answer = resolve;
    });
    const call = brokerAt(API, session.source)('console', { as: 'requester', path: { lease: 'lh-1' } });
    await until(() => issuer.called.length > 0);
    await session.signOut();
    answer(200);
    await expect(call).rejects.toBeInstanceOf(SignedOut);
  });

  it('by calls that wait for a sign-in', async () => {
    await signedIn({ seconds: SHORT, renewable: false });
    const waits = session.source.accessToken();
    await until(() => session.state.kind === 'ended');
    const out = session.signOut();
    // At once, not only after the issuer has answered.
    expect(session.state.kind).toBe('signed-out');
    await rejected(waits);
    await rejected(session.source.accessToken());
    await out;
    expect(issuer.revoked).toEqual(['t1']);
  });
});

describe('no call of one person is sent with the token of another', () => {
  /** Signs in in another window, as this person. */
  const signedInAgain = async (person: string | undefined) => {
    opened.address = '';
    const again = session.signInAgain(() => opened.window);
    await returned();
    await issuer.answer(tokens('t2', person));
    await again;
    expect(session.state).toEqual({ kind: 'signed-in' });
  };
  const ended = () => until(() => session.state.kind === 'ended');

  it.each([
    ['the same person', 'alice', 'alice', true],
    ['another person', 'alice', 'bob', false],
    ['somebody unknown, because the issuer sent no ID token', 'alice', undefined, false],
    ['somebody, after somebody unknown', undefined, 'alice', false],
    ['somebody unknown, after somebody unknown', undefined, undefined, false],
  ])('after a sign-in of %s', async (_, first, second, isSame) => {
    const order: string[] = [];
    session.onAnotherPerson = () => order.push('page cleared');
    await signedIn({ seconds: SHORT, renewable: false, ...(first === undefined ? {} : { person: first }) });
    const { source } = session;
    const waits = source.accessToken().then(
      (token) => order.push(token),
      (error) => order.push(error.name),
    );
    await ended();
    await signedInAgain(second);
    await waits;
    expect(order).toEqual(isSame ? ['t2'] : ['page cleared', 'SignedOut']);
    expect(session.source === source).toBe(isSame);
    await expect(session.source.accessToken()).resolves.toBe('t2');
    if (!isSame) await rejected(source.accessToken());
  });

  it('if the broker refuses the token only after the other person has signed in', async () => {
    await signedIn({ renewable: false, person: 'alice' });
    let refuse = (_: number): void => undefined;
    issuer.firstCall = new Promise((resolve) => {
      refuse = resolve;
    });
    const call = brokerAt(API, session.source)('nonce', { as: 'approver' });
    await until(() => issuer.called.length > 0);
    await signedInAgain('bob');
    refuse(401);
    await expect(call).rejects.toBeInstanceOf(SignedOut);
    expect(issuer.called).toEqual(['t1']);
  });

  it('if the broker answers only after the other person has signed in', async () => {
    await signedIn({ renewable: false, person: 'alice' });
    let answer = (_: number): void => undefined;
    issuer.firstCall = new Promise((resolve) => {
      answer = resolve;
    });
    const call = brokerAt(API, session.source)('nonce', { as: 'approver' });
    await until(() => issuer.called.length > 0);
    await signedInAgain('bob');
    answer(200);
    await expect(call).rejects.toBeInstanceOf(SignedOut);
  });

  it('if a renewal returns the token of another person', async () => {
    await signedIn({ seconds: SHORT, person: 'alice' });
    const token = session.source.accessToken();
    await Promise.all([issuer.answer(tokens('t2', 'bob')), rejected(token)]);
    await expect(session.source.accessToken()).resolves.toBe('t2');
  });

  it('if a renewal ends after another person has signed in: its tokens are revoked', async () => {
    await signedIn({ seconds: SHORT, person: 'alice' });
    const token = session.source.accessToken();
    await until(() => issuer.asked.length > 0);
    const [renewal] = issuer.asked.splice(0);
    await signedInAgain('bob');
    renewal?.answer({ ...tokens('t3'), token_type: 'Bearer', refresh_token: 'r3' });
    await rejected(token);
    expect(issuer.revoked).toEqual(['r3']);
    expect(session.state).toEqual({ kind: 'signed-in' });
    await expect(session.source.accessToken()).resolves.toBe('t2');
  });

  it('and a renewal without an ID token is of the same person', async () => {
    await signedIn({ seconds: SHORT });
    const { source } = session;
    const token = source.accessToken();
    await issuer.answer(tokens('t2'));
    expect(await token).toBe('t2');
    expect(session.source).toBe(source);
  });
});

/** The answer of the token endpoint. */
function tokens(access: string, person?: string, seconds = 900): Reply {
  return {
    access_token: access,
    expires_in: seconds,
    ...(person === undefined ? {} : { id_token: idToken(person) }),
  };
}

/** An ID token. The page gets it from the issuer itself, so it does not verify the signature. */
function idToken(sub: string): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: 'console', sub, iat: now, exp: now + 60 };
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'RS256' })}.${part(claims)}.${Buffer.from('signature').toString('base64url')}`;
}

function json(value: object, status = 200): Response {
  return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

async function rejected(token: Promise<string>): Promise<void> {
  await expect(token).rejects.toBeInstanceOf(SignedOut);
}

async function until(isTrue: () => boolean): Promise<void> {
  for (let tries = 0; !isTrue(); tries += 1) {
    if (tries === MOST_TRIES) throw new Error('What the test waits for does not happen.');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
