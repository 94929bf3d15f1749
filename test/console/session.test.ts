/** The session of the console: what happens to tokens that arrive after a sign-out. */
import { SignedOut } from '../../console/app/api/errors';
import { Session } from '../../console/app/session/session';

const API = 'https://leases.example.com/dev';
const ISSUER = 'https://issuer.example.com';
/** Seconds after which a token is no longer used, because it is about to end. */
const SHORT = 5;
const MOST_TRIES = 5000;

type Reply = Readonly<Record<string, unknown>>;

/** An issuer that answers each request for tokens when the test lets it. */
class FakeIssuer {
  readonly revoked: string[] = [];
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
    const token = session.accessToken();
    await until(() => issuer.asked.length > 0);
    await session.signOut();
    await Promise.all([issuer.answer({ ...tokens('t2'), refresh_token: 'r2' }), rejected(token)]);
    expect(session.state.kind).toBe('signed-out');
    expect(issuer.revoked).toEqual(['r1', 'r2']);
    await rejected(session.accessToken());
  });

  it('by a renewal whose new tokens contain no refresh token', async () => {
    await signedIn({ seconds: SHORT });
    const token = session.accessToken();
    await until(() => issuer.asked.length > 0);
    await session.signOut();
    await Promise.all([issuer.answer(tokens('t2')), rejected(token)]);
    // The issuer did not replace the refresh token, so it is revoked again, with everything that it gave.
    expect(issuer.revoked).toEqual(['r1', 'r1']);
  });

  it('by a renewal that fails', async () => {
    await signedIn({ seconds: SHORT });
    const token = session.accessToken();
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

  it('by calls that wait for a sign-in', async () => {
    await signedIn({ seconds: SHORT, renewable: false });
    const waits = session.accessToken();
    await until(() => session.state.kind === 'ended');
    const out = session.signOut();
    // At once, not only after the issuer has answered.
    expect(session.state.kind).toBe('signed-out');
    await rejected(waits);
    await rejected(session.accessToken());
    await out;
    expect(issuer.revoked).toEqual(['t1']);
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

function json(value: object): Response {
  return new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json' } });
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
