/** The server over HTTP: who reaches it, and that sessions do not share leases. */
import { request as send } from 'node:http';
import { type McpHttpServer, serveHttp } from '@leasehold/mcp';
import type { ApprovalChannel } from '@leasehold/runtime';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Desk, REQUEST } from '../runtime/support/desk';

let desk: Desk;
let server: McpHttpServer;
const clients: Client[] = [];

beforeEach(async () => {
  desk = await Desk.open();
  server = await serveHttp({ client: desk.client(), version: '0.0.0', env: { AWS_ENDPOINT_URL: desk.sandbox.url } });
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
  await server.close();
  await desk.close();
});

function transport(token = server.token): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(server.url), {
    requestInit: { headers: { Authorization: `Bearer ${token}` } },
  });
}

async function connected(): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
  const client = new Client({ name: 'model', version: '1' });
  const over = transport();
  await client.connect(over as never);
  clients.push(client);
  return { client, transport: over };
}

const call = async (client: Client, name: string, args: object) => {
  const { isError, structuredContent, content } = await client.callTool({ name, arguments: { ...args } });
  const [{ text = '{}' } = {}] = content as { text?: string }[];
  return (isError === true ? JSON.parse(text) : structuredContent) as Record<string, unknown>;
};

it('serves clients of this machine, each with its own leases', async () => {
  const [{ client: first }, { client: second }] = await Promise.all([connected(), connected()]);
  const { lease } = await call(first, 'request_lease', { role: 's3-deploy', ...REQUEST });
  expect(await call(first, 'lease_status', { lease })).toMatchObject({ state: 'issued' });
  expect(await call(second, 'lease_status', { lease })).toMatchObject({ code: 'no-lease' });
  const put = {
    service: 's3',
    operation: 'PutObject',
    input: { Bucket: 'hermes-dev-deploy', Key: '1.4.2/a', Body: 'x' },
  };
  expect(await call(second, 'call_aws', { lease, ...put })).toMatchObject({ code: 'no-lease' });
  expect(await call(first, 'call_aws', { lease, ...put })).toMatchObject({ operation: 'PutObject' });
});

it('asks people for each session that requests, and each answer opens the lease of one session', async () => {
  let answer: () => void = () => {};
  const told = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let questions = 0;
  const approval: ApprovalChannel = async (request, context) => {
    questions++;
    await told;
    return desk.yes(request, context);
  };
  await server.close();
  server = await serveHttp({ client: desk.client({ approval }), version: '0.0.0', env: {} });
  const [{ client: first }, { client: second }] = await Promise.all([connected(), connected()]);
  const asked = await Promise.all(
    [first, second].map((each) => call(each, 'request_lease', { role: 's3-deploy', ...REQUEST })),
  );
  expect(asked.map(({ state }) => state)).toEqual(['pending', 'pending']);
  expect(asked[0]?.lease).not.toBe(asked[1]?.lease);
  expect(questions).toBe(2);
  answer();
  expect(await call(first, 'lease_status', { lease: asked[0]?.lease })).toMatchObject({ state: 'issued' });
  expect(await call(second, 'lease_status', { lease: asked[1]?.lease })).toMatchObject({ state: 'issued' });
});

it('ends the leases of a session that its client ends', async () => {
  const { client, transport: over } = await connected();
  const { lease } = await call(client, 'request_lease', { role: 's3-deploy', ...REQUEST });
  await call(client, 'lease_status', { lease });
  const { sessionId } = over;
  await over.terminateSession();
  expect(await status({ 'mcp-session-id': String(sessionId) })).toBe(404);
});

/** The status of a request with these headers in place of the usual ones. `undefined` leaves a header out. */
function status(
  changes: Record<string, string | string[] | undefined>,
  { method = 'POST', path = '/mcp', body = INITIALIZE }: { method?: string; path?: string; body?: string } = {},
): Promise<number> {
  const { host } = new URL(server.url);
  const usual = {
    host,
    authorization: `Bearer ${server.token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const headers = Object.fromEntries(
    Object.entries({ ...usual, ...changes }).filter(([, value]) => value !== undefined),
  );
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    const sent = send({ hostname, port, path, method, headers, setHost: false }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    sent.once('error', reject);
    sent.end(method === 'POST' ? body : undefined);
  });
}

const INITIALIZE = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } },
});

it('answers a request in order', async () => {
  expect(await status({})).toBe(200);
  const { port } = new URL(server.url);
  expect(await status({ host: `localhost:${port}` })).toBe(200);
});

it.each<[string, Record<string, string | undefined>, number]>([
  ['no token', { authorization: undefined }, 401],
  ['a wrong token', { authorization: 'Bearer wrong' }, 401],
  ['the token without its scheme', { authorization: 'TOKEN' }, 401],
  ['a token with something after it', { authorization: 'Bearer TOKENx' }, 401],
  ['the host of a page that was bound to 127.0.0.1', { host: 'evil.example' }, 403],
  ['that host, with the port', { host: 'evil.example:PORT' }, 403],
  ['no port', { host: '127.0.0.1' }, 403],
  ['an origin', { origin: 'https://evil.example' }, 403],
  ['an origin of this machine', { origin: 'http://127.0.0.1:PORT' }, 403],
  ['the origin of a page in a sandbox', { origin: 'null' }, 403],
  ['what browsers say of a page', { 'sec-fetch-site': 'same-origin' }, 403],
  ['a session that is not there', { 'mcp-session-id': 'x' }, 404],
])('refuses %s', async (_, headers, expected) => {
  const { port } = new URL(server.url);
  const filled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value?.replace('PORT', port).replace('TOKEN', server.token)]),
  );
  expect(await status(filled)).toBe(expected);
});

it.each([
  ['another path', { path: '/' }, 404],
  ['a path that only begins alike', { path: '/mcpx' }, 404],
  ['no JSON', { body: '{' }, 413],
  ['a huge body', { body: `{"a":"${'x'.repeat(5_000_000)}"}` }, 413],
  ['a stream without a session', { method: 'GET' }, 400],
  ['the end of no session', { method: 'DELETE' }, 400],
  ['a call without a session', { body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}' }, 400],
])('refuses %s', async (_, request, expected) => {
  expect(await status({}, request)).toBe(expected);
});

it('refuses two hosts, of which a proxy could believe either', async () => {
  const { host } = new URL(server.url);
  expect(await status({ host: [host, 'evil.example'] }).catch(() => 400)).not.toBe(200);
});

it('opens at most 32 sessions', async () => {
  for (let number = 0; number < 32; number++) expect(await status({})).toBe(200);
  expect(await status({})).toBe(503);
});
