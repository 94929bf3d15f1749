/** The machine of an agent: undamaged, and each damage found by exactly one verification. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  examineMachine,
  type FoundCredentials,
  type Machine,
  machineVerifications,
  thisMachine,
} from '@leasehold/doctor';
import { Unread } from '../../lib/doctor/unread';

const NOW = new Date('2026-11-30T12:00:00.500Z');

function aMachine(overrides: Partial<Machine> = {}): Machine {
  return {
    env: { PATH: '/bin', AWS_REGION: 'eu-west-1' },
    home: '/home/agent',
    temporary: '/tmp',
    uid: 1000,
    nodeVersion: '22.11.0',
    now: () => NOW,
    credentials: async () => [],
    rights: async () => undefined,
    text: async () => undefined,
    names: async () => [],
    version: async () => undefined,
    timeAt: async () => new Date('2026-11-30T12:00:00Z'),
    ...overrides,
  };
}

/** A file tree as rights by path. */
function tree(
  paths: Readonly<Record<string, readonly [uid: number, mode: number, kind: 'folder' | 'file' | 'socket' | 'link']>>,
) {
  return {
    rights: async (path: string) => {
      const [uid, mode, kind] = paths[path] ?? [];
      return uid === undefined || mode === undefined || kind === undefined ? undefined : { uid, mode, kind };
    },
    names: async (folder: string) =>
      Object.keys(paths)
        .filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
        .map((path) => path.slice(folder.length + 1)),
  };
}

const RUN = '/home/agent/.leasehold/run';
const OWN = { '/home/agent': [1000, 0o700, 'folder'], [RUN]: [1000, 0o700, 'folder'] } as const;
const credential = (kind: FoundCredentials['kind']) => ({
  credentials: async () => [{ kind, what: 'a key', where: 'there' }],
});

const AN_ENDPOINT = `[default]
region = eu-west-1
services = own

[services own]
iam =
  endpoint_url = https://aws.evil.example
`;

it('finds nothing on a clean machine', async () => {
  const { verified } = await examineMachine(aMachine(tree({ ...OWN, [`${RUN}/a.sock`]: [1000, 0o600, 'socket'] })));
  expect(verified.map(({ id, result }) => [id, result])).toEqual(machineVerifications.map(({ id }) => [id, 'ok']));
});

it.each<[name: string, found: string, says: RegExp, change: Partial<Machine>]>([
  ['a key in a variable', 'here-environment', /a key/, credential('environment')],
  ['a profile', 'here-profiles', /a key/, credential('profile')],
  ['a cache', 'here-profiles', /a key/, credential('cache')],
  ['a container endpoint', 'here-endpoints', /a key/, credential('container')],
  ['an instance endpoint', 'here-endpoints', /a key/, credential('instance')],
  ['an open folder of sockets', 'here-sockets', /mode is 0755/, tree({ ...OWN, [RUN]: [1000, 0o755, 'folder'] })],
  ['an open socket', 'here-sockets', /mode is 0666/, tree({ ...OWN, [`${RUN}/a.sock`]: [1000, 0o666, 'socket'] })],
  [
    'an open token',
    'here-sockets',
    /mode is 0640/,
    tree({ ...OWN, [`${RUN}/serve-1`]: [1000, 0o700, 'folder'], [`${RUN}/serve-1/token`]: [1000, 0o640, 'file'] }),
  ],
  [
    'a folder of another user',
    'here-sockets',
    /belongs to another user/,
    tree({ ...OWN, [RUN]: [1001, 0o700, 'folder'] }),
  ],
  ['a link', 'here-sockets', /This path is a symbolic link/, tree({ ...OWN, [RUN]: [1000, 0o777, 'link'] })],
  [
    'a home that others may write to',
    'here-sockets',
    /Another user can replace/,
    tree({ ...OWN, '/home/agent': [1000, 0o777, 'folder'] }),
  ],
  [
    'a clock that is behind',
    'here-clock',
    /60 seconds behind/,
    { timeAt: async () => new Date('2026-11-30T12:01:00Z') },
  ],
  [
    'a clock that is ahead',
    'here-clock',
    /600 seconds ahead/,
    { timeAt: async () => new Date('2026-11-30T11:50:00Z') },
  ],
  [
    'another endpoint',
    'here-endpoint-variables',
    /another address/,
    { env: { AWS_ENDPOINT_URL: 'https://aws.evil.example' } },
  ],
  [
    'another endpoint of STS',
    'here-endpoint-variables',
    /another address/,
    { env: { AWS_ENDPOINT_URL_STS: 'http://10.0.0.1' } },
  ],
  ['the sandbox', 'here-endpoint-variables', /this machine/, { env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:4566' } }],
  [
    'a configuration file with another endpoint',
    'here-endpoint-variables',
    /\.aws\/config sends calls to another address/,
    { text: async (path) => (path === '/home/agent/.aws/config' ? AN_ENDPOINT : undefined) },
  ],
  [
    'a file of credentials elsewhere with another endpoint',
    'here-endpoint-variables',
    /\/elsewhere sends calls to this machine/,
    {
      env: { AWS_SHARED_CREDENTIALS_FILE: '/elsewhere' },
      text: async (path) => (path === '/elsewhere' ? '[x]\nEndpoint_URL=http://localhost:1\n' : undefined),
    },
  ],
  [
    'the global endpoint',
    'here-endpoint-variables',
    /global endpoint/,
    { env: { AWS_STS_REGIONAL_ENDPOINTS: 'legacy' } },
  ],
  [
    'an old AWS CLI',
    'here-sdks',
    /version 2\.9\.19/,
    { version: async (sdk) => (sdk === 'aws-cli' ? '2.9.19' : undefined) },
  ],
  [
    'an old AWS CLI 1',
    'here-sdks',
    /version 1\.29\.1/,
    { version: async (sdk) => (sdk === 'aws-cli' ? '1.29.1' : undefined) },
  ],
  [
    'an old botocore',
    'here-sdks',
    /version 1\.34\.40/,
    { version: async (sdk) => (sdk === 'botocore' ? '1.34.40' : undefined) },
  ],
  [
    'an old SDK for JavaScript',
    'here-sdks',
    /version 3\.99\.0/,
    { version: async (sdk) => (sdk === 'javascript' ? '3.99.0' : undefined) },
  ],
  ['Node 20', 'here-node', /20\.19\.0/, { nodeVersion: '20.19.0' }],
  ['Node 18', 'here-node', /18\.20\.0/, { nodeVersion: '18.20.0' }],
])('%s is found by %s alone', async (_, found, says, change) => {
  const { verified } = await examineMachine(aMachine(change));
  const wrong = verified.filter(({ result }) => result !== 'ok');
  expect(wrong.map(({ id, result }) => [id, result])).toEqual([[found, 'damaged']]);
  expect(wrong[0]?.damages[0]?.message).toMatch(says);
});

describe('the clock', () => {
  const asked = async (env: Machine['env']) => {
    const urls: string[] = [];
    const timeAt = async (url: string) => {
      urls.push(url);
      return new Date('2026-11-30T12:00:00Z');
    };
    const { verified } = await examineMachine(aMachine({ env, timeAt }));
    return [verified.find(({ id }) => id === 'here-clock')?.result, ...urls];
  };

  it.each<[env: Machine['env'], url: string]>([
    [{}, 'https://sts.us-east-1.amazonaws.com'],
    [{ AWS_REGION: '', AWS_DEFAULT_REGION: 'eu-west-1' }, 'https://sts.eu-west-1.amazonaws.com'],
    [{ AWS_REGION: 'eu-west-1', AWS_DEFAULT_REGION: 'evil.example#' }, 'https://sts.eu-west-1.amazonaws.com'],
    [{ AWS_REGION: 'cn-north-1' }, 'https://sts.cn-north-1.amazonaws.com.cn'],
    [{ AWS_REGION: 'us-gov-west-1' }, 'https://sts.us-gov-west-1.amazonaws.com'],
    [{ AWS_REGION: 'eu-north-7' }, 'https://sts.eu-north-7.amazonaws.com'],
  ])('with %j is compared with that of %s', async (env, url) => {
    expect(await asked(env)).toEqual(['ok', url]);
  });

  it.each([
    'evil.example#',
    'evil.example/',
    'evil.example/?',
    'evil.example:443/',
    'x@evil.example/',
    'eu-west-1.evil.example/eu-west-1',
    'evil.example\\',
    'eu-west-1\n',
    'EU-WEST-1',
    'bucket.s3',
    'moon-east-1',
  ])('is compared with that of no other host: %j', async (AWS_REGION) => {
    expect(await asked({ AWS_REGION })).toEqual(['not checked']);
    expect(await asked({ AWS_DEFAULT_REGION: AWS_REGION })).toEqual(['not checked']);
  });

  it('an unsuitable region is named by its variable, and its text is not repeated', async () => {
    const { verified } = await examineMachine(aMachine({ env: { AWS_REGION: 'evil.example#' } }));
    expect(verified.flatMap(({ unchecked }) => unchecked.map(({ why }) => why))).toEqual([
      'AWS_REGION is not a region of AWS',
    ]);
  });
});

it('never suggests to set the token of the endpoint by hand', async () => {
  const { verified } = await examineMachine(aMachine({ version: async () => '1.0.0' }));
  const hints = verified.flatMap(({ damages }) => damages.map(({ hint }) => hint));
  expect(hints).toHaveLength(3);
  for (const hint of hints) {
    expect(hint).toMatch(
      /^Update to version [\d.]+ or later\. Until then, run all lines that `leasehold serve` prints/,
    );
    expect(hint).not.toContain('AWS_CONTAINER_AUTHORIZATION_TOKEN');
  }
});

it('does not call a machine clean that it could not read', async () => {
  const unread = new Unread({ code: 'no-answer', message: 'no clock', hint: 'Look.' });
  const { verified } = await examineMachine(
    aMachine({
      timeAt: () => Promise.reject(unread),
      names: () => Promise.reject(unread),
      rights: () => Promise.reject(unread),
      text: () => Promise.reject(unread),
      version: () => Promise.reject(unread),
    }),
  );
  expect(verified.filter(({ result }) => result !== 'ok').map(({ id, result }) => [id, result])).toEqual([
    ['here-sockets', 'not checked'],
    ['here-clock', 'not checked'],
    ['here-endpoint-variables', 'not checked'],
    ['here-sdks', 'not checked'],
  ]);
});

describe('this machine', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'leasehold-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const sockets = async () => {
    const machine = thisMachine({ env: { HOME: home }, cwd: home, credentials: async () => [] });
    const skip = machineVerifications.map(({ id }) => id).filter((id) => id !== 'here-sockets');
    const { verified } = await examineMachine({ ...machine, temporary: home }, { skip });
    return verified.flatMap(({ damages }) => damages.map(({ place, message }) => [place.slice(home.length), message]));
  };

  it('has the rights of its files', async () => {
    mkdirSync(join(home, '.leasehold', 'run'), { recursive: true, mode: 0o700 });
    expect(await sockets()).toEqual([]);
    writeFileSync(join(home, '.leasehold', 'run', 'token'), 'x', { mode: 0o644 });
    symlinkSync('/etc/passwd', join(home, '.leasehold', 'run', 'other'));
    expect((await sockets()).sort()).toEqual([
      [
        '/.leasehold/run/other',
        'This path is a symbolic link, which may point to a path that belongs to somebody else.',
      ],
      ['/.leasehold/run/token', 'Other users can use this path: its mode is 0644.'],
    ]);
  });

  it('has the versions of its SDKs', async () => {
    const { version } = thisMachine({ env: {}, cwd: join(__dirname, '..', '..'), credentials: async () => [] });
    expect(await version('javascript')).toMatch(/^3\./);
    expect(await thisMachine({ env: {}, cwd: '/', credentials: async () => [] }).version('javascript')).toBeUndefined();
  });

  describe.each(['aws-cli', 'botocore'] as const)('with %s', (sdk) => {
    /** The version according to a program that is the only one in the search path. */
    const stated = (script: string | undefined) => {
      const program = join(home, sdk === 'aws-cli' ? 'aws' : 'python3');
      if (script !== undefined) writeFileSync(program, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return thisMachine({ env: { PATH: home }, cwd: home, credentials: async () => [] }).version(sdk);
    };

    it.each([
      ['is not installed', undefined, undefined],
      [
        'is not installed for Python',
        'echo "ModuleNotFoundError: No module named \'botocore\'" >&2; exit 1',
        undefined,
      ],
      ['has a version', 'echo some/1.34.2 Python/3.11', '1.34.2'],
      ['writes its version to stderr', 'echo some/1.29.1 Python/2.7 >&2', '1.29.1'],
    ])('%s', async (_, script, version) => {
      expect(await stated(script)).toBe(version);
    });

    it('runs nothing that is in the current folder', async () => {
      const before = process.cwd();
      process.chdir(home);
      try {
        writeFileSync('botocore.py', '__version__ = "6.6.6"\n');
        for (const name of ['aws', 'python3']) writeFileSync(name, '#!/bin/sh\necho some/6.6.6\n', { mode: 0o755 });
        for (const PATH of [...(sdk === 'botocore' ? [process.env.PATH] : []), '.', `:${home}/none`]) {
          const { version } = thisMachine({ env: { PATH, PYTHONPATH: '.' }, cwd: home, credentials: async () => [] });
          expect(await version(sdk)).not.toBe('6.6.6');
        }
      } finally {
        process.chdir(before);
      }
    });

    it.each([
      ['fails', 'echo broken >&2; exit 1'],
      ['is ended by a signal', 'kill -9 $$'],
      ['states nothing', 'true'],
      ['states something else', 'echo hello'],
    ])('%s: its version is unread', async (_, script) => {
      await expect(stated(script)).rejects.toThrow(Unread);
    });
  });

  it.each([
    ['{"version":"3.99.0"}', '3.99.0'],
    ['{"version":"latest"}', 'unread'],
    ['{}', 'unread'],
    ['{', 'unread'],
  ])('with the SDK for JavaScript of %s', async (text, expected) => {
    const folder = join(home, 'node_modules', '@aws-sdk', 'client-sts');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), text);
    const { version } = thisMachine({ env: {}, cwd: home, credentials: async () => [] });
    const unread = (error: unknown) => (error instanceof Unread ? 'unread' : Promise.reject(error));
    expect(await version('javascript').catch(unread)).toBe(expected);
  });
});
