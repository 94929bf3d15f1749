/** Whether other credentials are found wherever they may lie. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import { EnvironmentNotClean, type OwnCredentials } from '@leasehold/runtime';
import { assertClean } from '../../runtime/src/environment/assert-clean-environment';

let home: string;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'leasehold-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** An address at which nobody answers. */
const NOBODY = { AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1' };
const SECRET = 'wJalrXUtnFEMIxK7MDENGxbPxRfiCYEXAMPLEKEY';

async function found(env: NodeJS.ProcessEnv = {}, own: OwnCredentials = {}): Promise<EnvironmentNotClean | undefined> {
  try {
    await assertClean(own, { env: { ...NOBODY, ...env }, homes: [home] });
    return undefined;
  } catch (error) {
    if (error instanceof EnvironmentNotClean) return error;
    throw error;
  }
}

function write(path: string, text: string): string {
  const file = join(home, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

it('is content where there are none', async () => {
  write('.aws/config', '[default]\nregion = eu-west-1\noutput = json\n');
  expect(await found({ AWS_REGION: 'eu-west-1', AWS_PROFILE: 'default', AWS_ACCESS_KEY_ID: '' })).toBeUndefined();
});

it.each([
  ['AWS_ACCESS_KEY_ID', 'environment'],
  ['AWS_SECRET_ACCESS_KEY', 'environment'],
  ['AWS_SESSION_TOKEN', 'environment'],
  ['AWS_SECURITY_TOKEN', 'environment'],
  ['AWS_SECRET_KEY', 'environment'],
  ['AWS_WEB_IDENTITY_TOKEN_FILE', 'environment'],
  ['AWS_BEARER_TOKEN_BEDROCK', 'environment'],
  ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI', 'container'],
  ['AWS_CONTAINER_CREDENTIALS_FULL_URI', 'container'],
  ['AMAZON_SECRET_ACCESS_KEY', 'environment'],
  ['MINIO_ROOT_PASSWORD', 'environment'],
  ['MC_HOST_s3', 'environment'],
  ['RCLONE_CONFIG_BACKUP_SECRET_ACCESS_KEY', 'environment'],
])('finds %s', async (name, kind) => {
  expect((await found({ [name]: SECRET }))?.places).toEqual([{ kind, what: name, where: 'environment' }]);
});

it.each([
  ['a key', '.aws/credentials', `[work]\naws_access_key_id = AKIA1\naws_secret_access_key = ${SECRET}`, 'access key'],
  ['a key in capitals', '.aws/credentials', `[work]\nAWS_SECRET_ACCESS_KEY=${SECRET}`, 'access key'],
  ['a session', '.aws/credentials', `[work]\naws_session_token = ${SECRET}`, 'session'],
  ['a program', '.aws/config', '[work]\ncredential_process = /bin/get', 'credential_process'],
  ['an instance role', '.aws/config', '[work]\ncredential_source = Ec2InstanceMetadata', 'credential_source'],
  ['a token file', '.aws/config', '[work]\nweb_identity_token_file = /var/run/token', 'web identity'],
  ['a role', '.aws/config', '[work]\nrole_arn = arn:aws:iam::123456789012:role/admin', 'role'],
  ['SSO', '.aws/config', '[work]\nsso_session = corp', 'SSO'],
  ['SSO of old', '.aws/config', '[work]\nsso_start_url = https://corp.awsapps.com/start', 'SSO'],
  ['a sign-in', '.aws/config', '[work]\nlogin_session = arn:aws:iam::123456789012:user/alice', 'sign-in'],
  ['a key of boto', '.boto', `[work]\naws_secret_access_key: ${SECRET}`, 'access key'],
  ['a key of s3cmd', '.s3cfg', `[work]\nsecret_key = ${SECRET}`, 'access key'],
  ['a key of rclone', '.config/rclone/rclone.conf', `[work]\nsecret_access_key = ${SECRET}`, 'access key'],
])('finds %s in a profile', async (_, path, text, lead) => {
  const where = write(path, text);
  expect((await found())?.places).toEqual([{ kind: 'profile', what: `${lead} of [work]`, where }]);
});

it('finds a key in the options of Java, and in the file of mc', async () => {
  expect((await found({ JAVA_TOOL_OPTIONS: `-Xmx1g -Daws.secretKey=${SECRET}` }))?.places).toEqual([
    { kind: 'environment', what: 'JAVA_TOOL_OPTIONS', where: 'environment' },
  ]);
  expect(await found({ JAVA_TOOL_OPTIONS: '-Xmx1g' })).toBeUndefined();
  const where = write(
    '.mc/config.json',
    JSON.stringify({ aliases: { play: { secretKey: 'p' }, s3: { secretKey: '' } } }),
  );
  expect(await found()).toBeUndefined();
  write('.mc/config.json', JSON.stringify({ aliases: { s3: { secretKey: SECRET } } }));
  expect((await found())?.places).toEqual([{ kind: 'cache', what: 'keys of mc', where }]);
});

it('knows the lines of the file that AWS_CREDENTIAL_FILE names', async () => {
  const where = write('old', `AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE\nAWSSecretKey=${SECRET}\n`);
  const what = 'access key';
  expect((await found({ AWS_CREDENTIAL_FILE: where }))?.places).toEqual([{ kind: 'profile', what, where }]);
});

it.each(['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE', 'BOTO_CONFIG', 'S3CMD_CONFIG', 'RCLONE_CONFIG'])(
  'looks into the file that %s names',
  async (name) => {
    const where = write('elsewhere', `[a]\naws_secret_access_key = ${SECRET}`);
    expect((await found({ [name]: where }))?.places).toEqual([{ kind: 'profile', what: 'access key of [a]', where }]);
  },
);

it.each(['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CREDENTIAL_FILE', 'BOTO_CONFIG'])(
  'looks into the file that %s names to boto, which fills in homes and variables',
  async (name) => {
    const where = write('my/creds', `[a]\naws_secret_access_key = ${SECRET}`);
    for (const path of ['~/my/creds', '$PLACE/my/creds', '${PLACE}/my/creds']) {
      expect((await found({ [name]: path, PLACE: home }))?.places).toEqual([
        { kind: 'profile', what: 'access key of [a]', where },
      ]);
    }
  },
);

it.each<[string, string, (where: string) => NodeJS.ProcessEnv]>([
  ['the list of boto', 'x/boto', (where) => ({ BOTO_PATH: `/none:${where}` })],
  ['rclone’s own folder', 'x/rclone.conf', () => ({ RCLONE_CONFIG_DIR: join(home, 'x') })],
  ['the user’s folder of settings', 'x/rclone/rclone.conf', () => ({ XDG_CONFIG_HOME: join(home, 'x') })],
])('looks into %s', async (_, path, env) => {
  const where = write(path, `[a]\nsecret_access_key = ${SECRET}`);
  expect((await found(env(where)))?.places).toEqual([{ kind: 'profile', what: 'access key of [a]', where }]);
});

it.each(['-Daws.sharedCredentialsFile=/x', '-Daws.configFile=/x', '-Daws.webIdentityTokenFile=/x'])(
  'does not trust Java with %s',
  async (option) => {
    expect((await found({ JDK_JAVA_OPTIONS: option }))?.places).toHaveLength(1);
  },
);

it('looks into the folder of mc that is named', async () => {
  const where = write('mc/config.json', JSON.stringify({ aliases: { s3: { secretKey: SECRET } } }));
  expect((await found({ MC_CONFIG_DIR: dirname(where) }))?.places).toEqual([
    { kind: 'cache', what: 'keys of mc', where },
  ]);
});

const later = new Date(Date.now() + 3_600_000).toISOString();
const before = new Date(Date.now() - 3_600_000).toISOString();

it.each([
  ['an SSO token', '.aws/sso/cache/a.json', { accessToken: SECRET, expiresAt: later }],
  [
    'an SSO token that can be renewed',
    '.aws/sso/cache/a.json',
    { accessToken: 'x', expiresAt: before, refreshToken: SECRET },
  ],
  ['credentials of the CLI', '.aws/cli/cache/a.json', { Credentials: { SecretAccessKey: SECRET, Expiration: later } }],
  ['a sign-in', '.aws/login/cache/a.json', { accessToken: { secretAccessKey: SECRET }, idToken: 'x' }],
  ['what it does not understand', '.aws/cli/cache/a.db', undefined],
])('finds %s in a cache', async (_, path, content) => {
  const where = write(path, content === undefined ? SECRET : JSON.stringify(content));
  expect((await found())?.places).toEqual([{ kind: 'cache', what: expect.any(String), where }]);
});

it.each([
  ['an SSO token that is over', '.aws/sso/cache/a.json', { accessToken: SECRET, expiresAt: before }],
  [
    'the registration of an SSO client',
    '.aws/sso/cache/a.json',
    { clientId: 'x', clientSecret: 'y', expiresAt: later },
  ],
  [
    'credentials that are over',
    '.aws/cli/cache/a.json',
    { Credentials: { SecretAccessKey: SECRET, Expiration: before } },
  ],
])('does not mind %s', async (_, path, content) => {
  write(path, JSON.stringify(content));
  expect(await found()).toBeUndefined();
});

describe('the instance endpoint', () => {
  let server: Server;

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  async function at(listener: RequestListener): Promise<NodeJS.ProcessEnv> {
    server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
  }

  it('is found when it hands out a role, which it does for whoever fetches a token first', async () => {
    const env = await at((request, response) => {
      const known = request.headers['x-aws-ec2-metadata-token'] === 'token';
      response.statusCode = request.method === 'PUT' || known ? 200 : 401;
      response.end(request.method === 'PUT' ? 'token' : 'admin-role');
    });
    expect((await found({ ...env, AWS_EC2_METADATA_DISABLED: 'true' }))?.places).toEqual([
      { kind: 'instance', what: 'role of the EC2 instance', where: expect.stringContaining('127.0.0.1') },
    ]);
  });

  it('is found when it hands out a role without a token', async () => {
    const env = await at((request, response) => {
      response.statusCode = request.method === 'PUT' ? 404 : 200;
      response.end('admin-role');
    });
    expect((await found(env))?.places).toHaveLength(1);
  });

  it('is no complaint when the instance has no role', async () => {
    const env = await at((request, response) => {
      response.statusCode = request.method === 'PUT' ? 200 : 404;
      response.end('token');
    });
    expect(await found(env)).toBeUndefined();
  });

  it('is not waited for when it does not answer', async () => {
    const env = await at(() => {});
    expect(await found(env)).toBeUndefined();
    server.closeAllConnections();
  });
});

describe("the agent's own key", () => {
  const own = { accessKeyId: 'AKIAOWN' };

  it('is no complaint in the environment, nor in a profile', async () => {
    write('.aws/credentials', `[agent]\naws_access_key_id = AKIAOWN\naws_secret_access_key = ${SECRET}`);
    expect(await found({ AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: SECRET }, own)).toBeUndefined();
  });

  it('does not excuse a session that carries its id', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: 'x' };
    expect((await found(env, own))?.places).toMatchObject([{ what: 'AWS_SESSION_TOKEN' }]);
  });

  it("does not excuse another's", async () => {
    write('.aws/credentials', `[admin]\naws_access_key_id = AKIAOTHER\naws_secret_access_key = ${SECRET}`);
    expect((await found({ AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: SECRET }, own))?.places).toHaveLength(1);
  });

  it('is a complaint when it is not named', async () => {
    expect((await found({ AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: SECRET }))?.places).toHaveLength(2);
  });
});

it('takes the endpoint that serves leases for no complaint', async () => {
  const endpoint = 'http://127.0.0.1:4000/leases/s3-deploy';
  expect(await found({ AWS_CONTAINER_CREDENTIALS_FULL_URI: endpoint }, { endpoint })).toBeUndefined();
  expect(await found({ AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1' }, { endpoint })).toBeDefined();
});

it('names all places, and no value', async () => {
  write('.aws/credentials', `[a]\naws_access_key_id = AKIA1\naws_secret_access_key = ${SECRET}`);
  write('.aws/sso/cache/a.json', JSON.stringify({ accessToken: SECRET, expiresAt: later }));
  const error = await found({ AWS_SECRET_ACCESS_KEY: SECRET, AWS_SESSION_TOKEN: SECRET });
  expect(error).toMatchObject({ code: 'environment-not-clean', retryable: false });
  expect(error?.places).toHaveLength(4);
  expect(error?.message).toContain('AWS_SESSION_TOKEN (environment); access key of [a] (');
  expect([inspect(error, { showHidden: true, depth: null }), JSON.stringify(error)].join()).not.toMatch(
    new RegExp(`${SECRET}|AKIA1`),
  );
});
