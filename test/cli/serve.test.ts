/** What `leasehold serve` prints, as a shell carries it out; and what is left when it is killed. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { failedLines, serveLines } from '../../lib/cli/render/serve';
import { leasehold } from './support';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-serve-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Everything that an SDK or a tool would read before the endpoint. */
const IDENTITIES = {
  AWS_ACCESS_KEY_ID: 'AKIAAGENT',
  AWS_SECRET_ACCESS_KEY: 'own',
  AWS_SESSION_TOKEN: 'own',
  AWS_SECURITY_TOKEN: 'own',
  AWS_SECRET_KEY: 'own',
  AWS_PROFILE: 'own',
  AWS_CREDENTIAL_FILE: '/own',
  AWS_WEB_IDENTITY_TOKEN_FILE: '/own',
  AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: '/own',
  AWS_BEARER_TOKEN_BEDROCK: 'own',
  AWS_THAT_COMES_NEXT_YEAR: 'own',
  AMAZON_ACCESS_KEY_ID: 'own',
  BOTO_CONFIG: '/own',
  MINIO_ROOT_PASSWORD: 'own',
  RCLONE_S3_SECRET_ACCESS_KEY: 'own',
  JAVA_TOOL_OPTIONS: '-Daws.secretKey=own',
  SEVERAL: 'lines\nAWS_REGION=own\nnot a name=own',
};

/** The variables that are exported in a shell which carried out the lines. */
function after(shell: string, lines: string): Readonly<Record<string, string>> {
  const print = `"${process.execPath}" -e 'console.log(JSON.stringify(process.env))'`;
  const { stdout } = spawnSync(shell, ['-c', `eval "$LINES"\n${print}`], {
    encoding: 'utf8',
    env: { ...IDENTITIES, PATH: process.env.PATH ?? '', AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', LINES: lines },
  });
  const { LINES: _, ...variables } = JSON.parse(stdout);
  return variables;
}

function lines(tokenFile: string): string {
  const credentialsUrl = 'http://127.0.0.1:8123/credentials/s3-deploy';
  return serveLines({ credentialsUrl, tokenFile, region: 'eu-west-1', env: IDENTITIES });
}

it.each(['sh', 'bash'])('lead to the endpoint, and to nothing else, in %s', (shell) => {
  const tokenFile = join(folder, 'a token', 'agent.token');
  spawnSync('mkdir', [join(folder, 'a token')]);
  writeFileSync(tokenFile, 'the-token');
  const variables = after(shell, lines(tokenFile));
  const ours = Object.entries(variables).filter(([name]) => /^(AWS|AMAZON|BOTO|MINIO|S3CMD|RCLONE|JAVA)_/.test(name));
  expect(Object.fromEntries(ours)).toEqual({
    AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    BOTO_CONFIG: '/dev/null',
    MINIO_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1:8123/credentials/s3-deploy',
    AWS_CONTAINER_AUTHORIZATION_TOKEN: 'the-token',
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: tokenFile,
  });
});

it('hold no token themselves', () => {
  const tokenFile = join(folder, 'agent.token');
  writeFileSync(tokenFile, 'the-token');
  expect(lines(tokenFile)).not.toContain('the-token');
});

it('leave a script no identity, and fail, where there is no endpoint', () => {
  const script = `eval "$LINES" && echo went on; echo "\${AWS_ACCESS_KEY_ID-none} \${BOTO_CONFIG}"`;
  const { stdout } = spawnSync('sh', ['-c', script], {
    encoding: 'utf8',
    env: { ...IDENTITIES, PATH: process.env.PATH ?? '', LINES: failedLines({}) },
  });
  expect(stdout).toBe('none /dev/null\n');
});

it('says so, and leaves the script no identity, when it cannot even begin', async () => {
  const { code, out } = await leasehold('serve --detach --manifest /no/such/manifest.json');
  expect(code).not.toBe(0);
  expect(out).toMatch(/^unset AWS_ACCESS_KEY_ID [\s\S]*\nfalse\n$/);
});

it.each([
  ['with a port of its own', 8123, 'serve-8123'],
  ['without one', undefined, 'serve-'],
])('tokens are gone with a process that is killed, %s', async (_, port, name) => {
  const source = join(__dirname, '..', '..', 'lib', 'cli', 'token-folder.ts');
  const program = `require('tsx/cjs'); const { writeFileSync } = require('node:fs');
    const { tokenFolder } = require(${JSON.stringify(source)});
    const { path } = tokenFolder(${JSON.stringify(folder)}, ${port});
    writeFileSync(path + '/agent.token', 'x'); console.log('ready'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'], cwd: __dirname });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const [made] = readdirSync(folder);
  expect(made).toMatch(new RegExp(`^${name}`));
  child.kill('SIGKILL');
  while (existsSync(join(folder, made ?? ''))) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(readdirSync(folder)).toEqual([]);
});
