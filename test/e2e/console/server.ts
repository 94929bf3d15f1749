/** The console as it is deployed: its files, its settings, and the broker's own handler behind one origin. */
import { existsSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createHandler } from '@leasehold/broker/http';
import { OPERATIONS, peopleRoute, ROUTES } from '@leasehold/contract/routes';
import { CONSOLE_ROUTES } from '@leasehold/documents';
import { readContents } from '../../../lib/broker/console/contents';
import { createSiteHandler, type SiteEvent } from '../../../lib/broker/console/handler';
import { createSite } from '../../../lib/broker/console/site';
import type { ApiEvent } from '../../../lib/broker/http/event';
import { TokenInvalid } from '../../../lib/broker/port-errors';
import type { ReviewerPort, SignInVerifier } from '../../../lib/broker/ports';
import type { Role } from '../../../lib/definitions/model';
import { Authenticator } from '../../broker/consent/authenticator';
import { aBankWithChief, consentOf, Keys, peopleAt } from '../../broker/consent/people';
import { type CallOptions, eventOf, rules } from '../../broker/http/support';
import { World } from '../../broker/memory';
import { aParameter, aReleaseRole, aRole } from '../../support/environment';
import { somePeople } from '../../support/people-environment';
import { type Reply, TestIssuer } from './issuer';

const DIST = join(__dirname, '..', '..', '..', 'console', 'dist');
/** Stage of the API: the console must work below one. */
const STAGE = '/hermes-dev';

/** The groups of the people who can sign in. Their accounts have their names. */
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  lead: ['leads'],
  oncall: ['leads'],
  third: ['leads'],
  root: ['security'],
  chief: ['security'],
  alice: [],
  // Signs in, and has no group that a role knows.
  guest: [],
};

/** Roles that people of `ops` request, besides `ops-read`: one with parameters, and one that nobody has to approve. */
const ROLES_OF_PEOPLE = [
  aReleaseRole({
    name: 'shop-deploy',
    purpose: 'Upload one release of the shop.',
    gates: ['broker'],
    lease: { defaultSeconds: 900, maxSeconds: 1800 },
    parameters: [
      aParameter({ pattern: '[a-z0-9][a-z0-9.-]{0,62}' }),
      aParameter({ name: 'stage', description: 'The stage of the shop', values: ['test', 'live'] }),
    ],
    broker: rules({ humans: 1, eligible: { agents: [], groups: ['ops'] } }),
  }),
  aRole({
    name: 'shop-logs',
    purpose: 'Read the logs of the shop.',
    access: 'read',
    gates: ['broker'],
    allow: [{ actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-dev-shop-logs/*'], conditions: {} }],
    broker: rules({ eligible: { agents: [], groups: ['ops'] } }),
  }),
  aRole({
    name: 'tickets',
    purpose: 'Read the tickets of one customer.',
    access: 'read',
    gates: ['broker'],
    parameters: [
      aParameter({ name: 'customer', description: 'The customer', pattern: '[a-z0-9-]{1,40}', from: 'subject.sub' }),
    ],
    allow: [
      { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-dev-tickets/${param.customer}/*'], conditions: {} },
    ],
    broker: rules({ humans: 1, eligible: { agents: [], groups: ['ops'] } }),
  }),
];

/**
 * Starts it on `localhost`, where browsers permit passkeys without TLS.
 * @param reviewer Reads requests for `shop-deploy`. Default: nobody reads requests.
 */
export async function startConsole(reviewer?: ReviewerPort) {
  if (!existsSync(join(DIST, 'index.html'))) throw new Error('The console is not built: run `npm run build`.');
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => reply(request, body))
      .then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
      .catch((error) => response.writeHead(500).end(String(error)));
  });
  const origin = `http://localhost:${await listening(server)}`;
  const party = { id: 'localhost', origin };
  const issuer = new TestIssuer(`${origin}/issuer`, Object.keys(GROUPS));
  const base = aBankWithChief();
  const environment = {
    ...base,
    roles: [...base.roles, ...ROLES_OF_PEOPLE].map((role) => (reviewer === undefined ? role : reviewed(role))),
    principals: [
      ...base.principals.map((person) => ({ ...person, signIn: person.name })),
      ...['oncall', 'third'].map((name) => ({ ...base.principals[0], name, groups: [], signIn: name })),
    ] as typeof base.principals,
    broker: {
      ...base.broker,
      people: somePeople(undefined, { groups: { requester: '*', approver: ['leads'], administrator: ['security'] } }),
    } as NonNullable<typeof base.broker>,
  };
  const world = new World();
  // Time passes by itself, as in the browser.
  Object.defineProperty(world, 'now', { get: () => Math.floor(Date.now() / 1000), set: () => undefined });
  const store = new Keys();
  const signIn: SignInVerifier = {
    issuer: issuer.url,
    nameClaim: 'login',
    verify: async (token) => {
      const name = issuer.personOf(token);
      if (name === undefined) throw new TokenInvalid('expired');
      return { issuer: issuer.url, sub: `sub-${name}`, name, groups: GROUPS[name] ?? [] };
    },
  };
  const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
  const ports = world.ports({ consent: consentOf(store, party), signIn, pause, ...(reviewer && { reviewer }) });
  const handler = createHandler(ports, environment);
  const call = async (operation: (typeof OPERATIONS)[number], options: CallOptions = {}) => {
    const { statusCode, body, headers } = await handler(eventOf(operation, options));
    return { status: statusCode, body: JSON.parse(body), headers };
  };
  const people = peopleAt({ call, world, store, environment, party });
  const root = new Authenticator('ES256', party);
  await people.enrol('administrator', 'root', { name: 'root' }, true, root);

  const settings = { base: STAGE, origins: [], host: undefined, signIn: issuer.settings };
  const site = createSiteHandler(createSite(readContents(DIST), settings), settings);

  const reply = async (
    request: IncomingMessage,
    body: string,
  ): Promise<Reply | (Omit<Reply, 'body'> & { body: Buffer })> => {
    const url = new URL(request.url ?? '/', origin);
    const { pathname: path } = url;
    if (path.startsWith('/issuer/')) {
      return issuer.answer(path.slice('/issuer'.length), url.searchParams, new URLSearchParams(body)) ?? NOT_FOUND;
    }
    if (path === '/framed')
      return {
        status: 200,
        headers: { 'content-type': 'text/html' },
        body: `<iframe src="${STAGE}/console/"></iframe>`,
      };
    if (!path.startsWith(`${STAGE}/`)) return NOT_FOUND;
    const inside = path.slice(STAGE.length);
    if (/^\/console(\.json$|\/|$)/.test(inside)) {
      const { statusCode, headers, body: content } = await site(siteEvent(request, inside));
      return { status: statusCode, headers, body: Buffer.from(content, statusCode === 200 ? 'base64' : 'utf8') };
    }
    const event = peopleEvent(request, url, inside, body, issuer);
    if (event === undefined) return NOT_FOUND;
    // API Gateway answers without the function, and without problem details.
    if (event === 'refused')
      return { status: 401, headers: { 'content-type': 'application/json' }, body: '{"message":"Unauthorized"}' };
    const { statusCode: status, headers, body: answer } = await handler(event);
    return { status, headers, body: answer };
  };

  return {
    origin,
    url: `${origin}${STAGE}/console/`,
    issuer,
    world,
    people,
    call,
    /** A one-time code for the person's first passkey, signed by the administrator. */
    codeFor: async (person: string, administrator = false): Promise<string> => {
      const { code, answer } = await people.issueCode(person, { name: 'root', key: root }, administrator);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return code;
    },
    /** The agent asks for a release; two approvers must answer. */
    request: async (reason: string): Promise<string> => (await people.pending(reason)).id,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export type TestConsole = Awaited<ReturnType<typeof startConsole>>;

const NOT_FOUND: Reply = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: '{"message":"Not Found"}',
};

/** The event that API Gateway sends for a file of the console. */
function siteEvent({ headers }: IncomingMessage, path: string): SiteEvent {
  const [, proxy] = /^\/console\/(.+)$/.exec(path) ?? [];
  return {
    routeKey:
      path === '/console.json' ? CONSOLE_ROUTES.settings : CONSOLE_ROUTES[proxy === undefined ? 'start' : 'files'],
    headers: headers as Record<string, string>,
    ...(proxy === undefined ? {} : { pathParameters: { proxy: decodeURIComponent(proxy) } }),
  };
}

/** The event that API Gateway sends after its JWT authorizer, or `refused`. */
function peopleEvent(
  request: IncomingMessage,
  url: URL,
  path: string,
  body: string,
  issuer: TestIssuer,
): ApiEvent | 'refused' | undefined {
  for (const operation of OPERATIONS) {
    const route = peopleRoute(ROUTES[operation]);
    const pattern = new RegExp(`^${route.path.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    const found = request.method === route.method ? pattern.exec(path) : null;
    if (found === null) continue;
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const name = issuer.personOf(token);
    if (name === undefined) return 'refused';
    const pathParameters = Object.fromEntries(
      Object.entries(found.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]),
    );
    return {
      version: '2.0',
      routeKey: `${route.method} ${route.path}`,
      rawQueryString: url.search.slice(1),
      headers: request.headers as Record<string, string>,
      pathParameters,
      ...(body === '' ? {} : { body }),
      requestContext: { authorizer: { jwt: { claims: { iss: issuer.url, sub: `sub-${name}` } } } },
    };
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function reviewed(role: Role): Role {
  return role.name === 'shop-deploy' && role.broker
    ? { ...role, broker: { ...role.broker, reviewer: 'decide' } }
    : role;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, 'localhost', () => resolve((server.address() as AddressInfo).port));
  });
}
