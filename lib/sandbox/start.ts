/** Starts a sandbox with its accounts, server and log. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defined } from '@leasehold/contract/defined';
import type { Account } from './account/model';
import { HttpApis } from './api/http-api';
import { Backings } from './backings';
import { Clock } from './clock';
import { Cloud } from './cloud';
import { SandboxError } from './errors';
import { Gateway } from './gateway';
import { load } from './load';
import { EventLog } from './log';
import { LogFile } from './log-file';
import type { SandboxOptions } from './options';
import { AuthorisingProxy } from './proxy';
import { ADMINISTRATOR, Sandbox, type SandboxParts } from './sandbox';
import { SERVICE_MAPPINGS } from './services';
import type { Answer } from './wire/answer';

/**
 * Starts a sandbox on the loopback interface. Definitions from `paths` must pass the guardrails; with the sources
 * `definitions`, `stacks` and `applied` no guardrail runs.
 * @throws {SandboxError} if the definitions have errors, or a source cannot be read.
 * @example
 * const sandbox = await startSandbox({ source: { paths: 'roles' } });
 * const sts = new STSClient({ endpoint: sandbox.url, region: sandbox.region, credentials: sandbox.keys });
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const backings = new Backings(options);
  const loaded = await load(options, backings.standard);
  const user = chooseUser(loaded.accounts, loaded.prefix, options);
  for (const account of loaded.accounts) addAdministrator(account);
  const clock = new Clock();
  const cloud = new Cloud(loaded.accounts, clock, options.violate);
  const log = new EventLog();
  const file = options.logFile === undefined ? undefined : new LogFile(options.logFile, log);
  const from = defined({ sourceIp: options.sourceIp });
  const gateway = new Gateway({
    cloud,
    log,
    mappings: [...SERVICE_MAPPINGS, ...(options.mappings ?? [])],
    ...defined({ known: options.known }),
    proxy: new AuthorisingProxy(backings, (assumption) => cloud.violates(assumption)),
    apis: new HttpApis(options.apis ?? {}, { ...loaded, accounts: cloud.accounts }),
    region: loaded.region,
    ...from,
  });
  const server = serve(gateway);
  const port = await listen(server, options.port ?? 0);
  backings.behind(`127.0.0.1:${port}`);
  const stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    backings.close();
    await file?.close();
  };
  const { region, account, prefix } = loaded;
  return new Sandbox({ port, region, account, prefix, cloud, log, user, stop, ...from });
}

/** Maximum size in bytes of a body that is sent together with the headers. */
const SMALL_BODY = 16 * 1024;

function serve(gateway: Gateway): Server {
  const server = createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 60_000 }, (message, response) => {
    void gateway
      .answer(message)
      .then(({ status, headers, body }: Answer) => {
        response.writeHead(status, { ...headers, 'content-length': String(body.length) });
        if (message.method === 'HEAD') response.end();
        // A small body is written as latin1 text, so that Node.js sends it together with the headers.
        else if (body.length < SMALL_BODY) response.end(body.toString('latin1'), 'latin1');
        else response.end(body);
      })
      // Close the connection if the response cannot be written, for example because of an invalid header of the backing
      // server.
      .catch(() => response.destroy());
  });
  // If a client disconnects early or does not speak HTTP, only this client's connection ends.
  server.on('clientError', (_, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });
  return server;
}

async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new SandboxError(`Port ${port} of the loopback interface is not available`, 'Use another port, or omit it.', {
          cause,
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}

function addAdministrator(account: Account): void {
  const arn = account.arn(`user/${ADMINISTRATOR}`);
  account.users.set(ADMINISTRATOR, {
    kind: 'user',
    name: ADMINISTRATOR,
    path: '/',
    arn,
    id: 'AIDALEASEHOLDSANDBOXA',
    createDate: new Date(),
    tags: {},
    inline: new Map(),
    attached: [`arn:${account.partition}:iam::aws:policy/AdministratorAccess`],
  });
}

function chooseUser(
  accounts: readonly Account[],
  prefix: string,
  { user: wanted }: SandboxOptions,
): SandboxParts['user'] {
  const users = accounts.flatMap((account) => [...account.users.values()].map((user) => ({ account, user })));
  const found =
    wanted === undefined
      ? users.find(({ user }) => user.path === '/agents/' && user.name.startsWith(prefix))
      : users.find(({ user }) => user.name === wanted);
  if (wanted !== undefined && !found)
    throw new SandboxError(`There is no user ${wanted}`, 'Use a user of the definitions.');
  return found;
}
