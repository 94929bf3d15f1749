/** Runs the console's function as it was deployed: its archive, alone in a folder, with its deployed variables. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CONSOLE_ROUTES } from '@leasehold/documents';
import { unzipSync } from 'fflate';
import type { SiteEvent, SiteResult } from '../../../lib/broker/console/handler';
import type { Moto } from './moto';
import { run } from './run';

/** What a browser gets. */
export interface Got {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly text: string;
}

export interface DeployedConsole {
  /** @param path Path below the address of the API. */
  get(path: string, acceptEncoding?: string, host?: string): Promise<Got>;
}

/** @param folder A new folder, into which the archive is unpacked. */
export async function deployedConsole(moto: Moto, archive: string, folder: string): Promise<DeployedConsole> {
  for (const [name, bytes] of Object.entries(unzipSync(readFileSync(archive)))) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), bytes);
  }
  const lambda = new LambdaClient({ ...moto.client, region: 'ap-northeast-2' });
  const { Environment, Handler } = await lambda.send(
    new GetFunctionConfigurationCommand({ FunctionName: 'hermes-dev-console' }),
  );
  const [file, name] = (Handler ?? '').split('.');
  const call = `require('./${file}.js').${name}(JSON.parse(process.argv[1])).then((answer) => console.log(JSON.stringify(answer)))`;
  return {
    get: async (path, acceptEncoding, domainName = 'a1b2c3.execute-api.example') => {
      const event = eventOf(path, acceptEncoding, domainName);
      const options = { cwd: folder, env: { ...(Environment?.Variables ?? {}), NODE_OPTIONS: '' } };
      const { stdout } = await run(process.execPath, ['-e', call, JSON.stringify(event)], options);
      const { statusCode: status, headers, body, isBase64Encoded } = JSON.parse(stdout) as SiteResult;
      const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
      return { status, headers, bytes, text: bytes.toString('utf8') };
    },
  };
}

function eventOf(path: string, acceptEncoding: string | undefined, domainName: string): SiteEvent {
  const { start, files, settings } = CONSOLE_ROUTES;
  const [, proxy] = /^\/console\/(.+)$/.exec(path) ?? [];
  return {
    routeKey: path === '/console.json' ? settings : proxy === undefined ? start : files,
    headers: acceptEncoding === undefined ? {} : { 'accept-encoding': acceptEncoding },
    ...(proxy === undefined ? {} : { pathParameters: { proxy } }),
    requestContext: { domainName },
  };
}
