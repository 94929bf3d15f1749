/**
 * A public web console beside which the console is measured: the one of Verdaccio, a private npm registry. Like the console, it is
 * a React application whose static files are built before they are published.
 */
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';

const STATIC = join(dirname(require.resolve('@verdaccio/ui-theme/package.json')), 'static');
/** The scripts of the first page, in the order in which Verdaccio's server names them. */
const SCRIPTS = ['runtime.js', 'vendors.js', 'main.js'];

export interface PublicConsole {
  readonly url: string;
  /** Text that the page shows when it is ready. */
  readonly ready: string;
  readonly stop: () => Promise<void>;
}

/** Serves the files of Verdaccio with gzip, and an empty list of packages as its data. */
export async function startPublicConsole(): Promise<PublicConsole> {
  const names: Readonly<Record<string, string>> = JSON.parse(readFileSync(join(STATIC, 'manifest.json'), 'utf8'));
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const file = join(STATIC, basename(pathname));
    if (pathname.startsWith('/-/static/') && existsSync(file)) {
      response.writeHead(200, { 'content-type': 'text/javascript', 'content-encoding': 'gzip' });
      createReadStream(file).pipe(createGzip()).pipe(response);
    } else if (pathname.startsWith('/-/verdaccio/')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
    } else {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page(names, request.headers.host ?? ''));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', () => resolve()));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    ready: 'No Package Published Yet',
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The page as Verdaccio's server renders it. */
function page(names: Readonly<Record<string, string>>, host: string): string {
  const options = {
    base: `http://${host}/`,
    basename: '/',
    title: 'Registry',
    primaryColor: '#4b5e40',
    version: '5.0.0',
  };
  const scripts = SCRIPTS.map((name) => `<script defer src="/${names[name]}"></script>`).join('');
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Registry</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>window.__VERDACCIO_BASENAME_UI_OPTIONS=${JSON.stringify(options)}</script></head>
<body><div id="root"></div>${scripts}</body></html>`;
}
