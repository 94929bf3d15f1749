/** A program with a lease: what it has in its environment, what reaches it, how it ends. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cleanEnvironment, type ExecOptions, programFault, regionOf } from '@leasehold/serve/exec';
import { SECRETS } from '../endpoint/double';

/** What the agent itself has in its environment. */
const AGENTS = {
  AWS_ACCESS_KEY_ID: 'AKIAAGENT',
  AWS_SECRET_ACCESS_KEY: 'agents-own-secret',
  AWS_SESSION_TOKEN: 'agents-own-token',
  AWS_PROFILE: 'agent',
  AWS_DEFAULT_PROFILE: 'agent',
  AWS_ROLE_ARN: 'arn:aws:iam::123456789012:role/other',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/token',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/v2',
  AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '/other',
  AWS_BEARER_TOKEN_BEDROCK: 'agents-own-bearer',
  AWS_SOMETHING_THAT_AWS_ADDS: 'agents-own-unknown',
  LEASEHOLD_WEBHOOK_SECRET: 'channels-own-secret',
  SLACK_BOT_TOKEN: 'channels-own-token',
  BOTO_CONFIG: '/boto.cfg',
};
const HARMLESS = {
  PATH: process.env.PATH ?? '',
  HOME: '/home/agent',
  AWS_REGION: 'eu-central-1',
  AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
  AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4567',
  AWS_CA_BUNDLE: '/ca.pem',
};

describe('the environment of a program with a lease', () => {
  it('has nothing of the agent, and everything else', () => {
    const clean = cleanEnvironment({ ...AGENTS, ...HARMLESS });
    expect(clean).toEqual({
      ...HARMLESS,
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
      BOTO_CONFIG: '/dev/null',
      MINIO_SHARED_CREDENTIALS_FILE: '/dev/null',
    });
  });

  it.each([
    ['AWS_CREDENTIAL_FILE', '/keys'],
    ['AMAZON_SECRET_ACCESS_KEY', 'x'],
    ['EC2_SECRET_KEY', 'x'],
    ['MINIO_ROOT_PASSWORD', 'x'],
    ['MC_HOST_s3', 'https://key:secret@s3.amazonaws.com'],
    ['RCLONE_CONFIG_BACKUP_SECRET_ACCESS_KEY', 'x'],
    ['RCLONE_S3_ACCESS_KEY_ID', 'x'],
    ['JAVA_TOOL_OPTIONS', '-Daws.secretKey=x'],
  ])('has no %s, which an SDK or a tool would take first', (name, value) => {
    expect(cleanEnvironment({ [name]: value })).not.toHaveProperty(name);
  });

  it.each([
    ['RCLONE_CONFIG_BACKUP_TYPE', 's3'],
    ['JAVA_TOOL_OPTIONS', '-Xmx1g'],
    ['MCFLY', '1'],
  ])('keeps %s, which leads to no credentials', (name, value) => {
    expect(cleanEnvironment({ [name]: value })).toHaveProperty(name, value);
  });

  it.each([
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1'],
    [{ AWS_REGION: 'eu-west-1' }, 'eu-west-1'],
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'eu-west-2' }, 'eu-west-1'],
    [{ AWS_REGION: '' }, 'us-east-1'],
    [{}, 'us-east-1'],
  ])('has one region under both names: %j', (env, region) => {
    expect(regionOf(env, 'us-east-1')).toEqual({ AWS_REGION: region, AWS_DEFAULT_REGION: region });
  });

  it.each([
    ['in the environment', false, ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN']],
    ['through the endpoint', true, ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'AWS_CONTAINER_AUTHORIZATION_TOKEN']],
  ])('%s: the lease, and nothing else of an identity', async (_, endpoint, names) => {
    const env = { ...AGENTS, ...HARMLESS };
    const { out } = await exec({ ...node('console.log(JSON.stringify(process.env))'), env, endpoint });
    const seen: Record<string, string> = JSON.parse(out.split('\n')[0] ?? '');
    for (const name of names) expect(seen[name]).toMatch(/./);
    for (const own of Object.values(AGENTS)) expect(Object.values(seen)).not.toContain(own);
    expect(Object.values(seen).includes(SECRETS[0])).toBe(!endpoint);
  });

  it('has the region of the lease where it names none', async () => {
    const print = node('console.log(process.env.AWS_REGION)');
    expect((await exec({ ...print, region: 'ap-northeast-2', env: { PATH: '' } })).out).toMatch(/^ap-northeast-2\n/);
    expect((await exec({ ...print, region: 'ap-northeast-2', env: HARMLESS })).out).toMatch(/^eu-central-1\n/);
  });

  it('the endpoint gives the lease while the program runs', async () => {
    const fetches = `
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: url, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env;
      fetch(url, { headers: { authorization } }).then((r) => r.json()).then((c) => console.log(c.SecretAccessKey));`;
    expect((await exec({ ...node(fetches), endpoint: true, env: HARMLESS })).out).toMatch(/^SECRET-ACCESS-KEY\n/);
  });
});

describe('a program is looked for', () => {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-programs-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'runs'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(join(folder, 'text'), 'no program', { mode: 0o644 });
  mkdirSync(join(folder, 'folder'));

  it.each([
    ['runs', `/nonexistent:${folder}`, undefined],
    ['./runs', '', undefined],
    ['no-such-program', folder, 'not-found'],
    ['./no-such-program', folder, 'not-found'],
    ['', folder, 'not-found'],
    ['runs', '/nonexistent', 'not-found'],
    ['text', folder, 'not-executable'],
    ['folder', folder, 'not-executable'],
    ['text/below', folder, 'not-found'],
  ])('%j along %s: %s', (command, PATH, fault) => {
    expect(programFault(command, { PATH }, folder)).toBe(fault);
  });
});

describe('the end of the program is the end', () => {
  it.each([0, 1, 42, 255])('with exit code %d', async (code) => {
    expect(await exec(node(`process.exit(${code})`))).toMatchObject({ ending: { code } });
  });

  it('by a signal', async () => {
    expect(await exec(node("process.kill(process.pid, 'SIGTERM')"))).toMatchObject({ ending: { signal: 'SIGTERM' } });
  });

  it('a program that does not exist is told', async () => {
    expect((await exec({ command: 'no-such-program-at-all' })).out).toContain('failed ENOENT');
  });
});

describe('signals', () => {
  const waits = (signal: string) =>
    node(`process.on('${signal}', () => { console.log('got ${signal}'); process.exit(7); });
          setInterval(() => {}, 1000); console.log('ready');`);

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const)(
    '%s goes on to the program',
    async (signal) => {
      const { out, ending } = await exec({ ...waits(signal), terminal: false }, signal);
      expect(out).toContain(`got ${signal}`);
      expect(ending).toEqual({ code: 7 });
    },
  );

  it('what a terminal sends to the program itself is not sent a second time, and does not end what waits for it', async () => {
    const program = node(`let got = 0;
      process.on('SIGINT', () => { got += 1; });
      setTimeout(() => { console.log('SIGINT ' + got); process.exit(7); }, 1000); console.log('ready');`);
    const { out, ending } = await exec({ ...program, terminal: true }, 'SIGINT');
    expect(out).toContain('SIGINT 0');
    expect(ending).toEqual({ code: 7 });
  });
});

function node(script: string): { readonly command: string; readonly args: readonly string[] } {
  return { command: process.execPath, args: ['-e', script] };
}

/** Runs it in a process of its own; sends a signal there when the program says that it is ready. */
function exec(
  options: ExecOptions,
  signal?: NodeJS.Signals,
): Promise<{ readonly out: string; readonly ending: unknown }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(__dirname, 'program.cjs'), JSON.stringify(options)], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    let sent = false;
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk;
      if (signal && !sent && out.includes('ready')) sent = child.kill(signal);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk;
    });
    child.once('close', () => {
      const told = /^(?:ended (.*)|failed .*)$/m.exec(out);
      if (told) resolve({ out, ending: told[1] === undefined ? undefined : JSON.parse(told[1]) });
      else reject(new Error(`${out}\n${err}`));
    });
  });
}
