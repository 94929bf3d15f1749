/** The code of the functions, bundled in two folders, and run with nothing but itself. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { brokerConfig, brokerVariables, RECORD_KEY_VARIABLE } from '@leasehold/documents';
import type { ApiEvent } from '../../../lib/broker/http/event';
import { brokerPackage, consolePackage } from '../../../lib/constructs/broker/package';
import { aBrokerEnvironment } from '../../support/broker-environment';
import { copyProject } from '../../support/project';

const environment = aBrokerEnvironment();
const ROOT = join(__dirname, '..', '..', '..');

/** Two copies of the project, as fresh clones would be after `npm ci`, with the built console. */
let temporary: string;
let clones: readonly [string, string];

beforeAll(() => {
  temporary = mkdtempSync(join(tmpdir(), 'leasehold-bundle-'));
  clones = [join(temporary, 'ours'), join(temporary, 'somewhere else', 'checkouts', 'leasehold')];
  for (const clone of clones) copyProject(clone, { parts: ['console/dist'] });
});
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

it('is the same bytes in two folders, small, and alone', () => {
  const [ours, theirs] = clones.map(bundleIn) as [string, string];
  const code = readFileSync(ours, 'utf8');
  expect(readFileSync(theirs, 'utf8') === code).toBe(true);
  for (const path of [temporary, ROOT, process.execPath]) expect(code.includes(path)).toBe(false);

  expect(brokerPackage(environment, ours).bytes.length).toBeLessThan(1_000_000);
  expect(requiredBy(code).filter((name) => !isBuiltIn(name))).toEqual(DONE_WITHOUT);
  // It can be read by who reviews a plan: names and lines are as they were written.
  expect(code).toContain('function createHandler(');

  expect(answerOf(ours, temporary)).toMatchObject({
    statusCode: 200,
    body: expect.stringContaining('"name":"refund"'),
  });
});

it('serves the same console from two folders, with a small handler that needs only Node', () => {
  const [ours, theirs] = clones.map(consoleIn) as [string, string];
  const { bytes, hash } = consolePackage(ours);
  expect(consolePackage(theirs).hash).toBe(hash);
  expect(bytes.length).toBeLessThan(2_000_000);

  const code = readFileSync(join(ours, 'index.js'), 'utf8');
  expect([...requiredBy(code)].sort()).toEqual(['node:fs', 'node:path', 'node:zlib']);
  expect(code).not.toMatch(/\b(fetch|eval|import)\(|new Function|child_process|node:net|node:http/);
  expect(code.length).toBeLessThan(20_000);
  for (const name of filesIn(ours)) {
    const text = readFileSync(join(ours, name), 'utf8');
    for (const path of [temporary, ROOT, process.execPath]) expect([name, text.includes(path)]).toEqual([name, false]);
  }
});

/** Bundles the built console of a copy of the project. Returns the folder that synth packs. */
function consoleIn(folder: string): string {
  execFileSync(process.execPath, [join(folder, 'scripts', 'bundle-console.js')], { cwd: folder });
  return join(folder, 'lib', 'constructs', 'dist', 'console-function');
}

function filesIn(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return entries.map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** Bundles the broker of a copy of the project. Returns the bundle's path. */
function bundleIn(folder: string): string {
  execFileSync(process.execPath, [join(folder, 'scripts', 'bundle-broker.js')], { cwd: folder });
  return join(folder, 'lib', 'constructs', 'dist', 'broker-function', 'index.js');
}

/** What the function answers to an agent that asks for its roles, run where no package is to be found. */
function answerOf(bundle: string, folder: string): unknown {
  const place = join(folder, 'var', 'task');
  mkdirSync(place, { recursive: true });
  cpSync(bundle, join(place, 'index.js'));
  writeFileSync(join(place, 'config.json'), brokerConfig(environment));
  writeFileSync(join(place, 'call.js'), CALL);
  execFileSync(process.execPath, ['call.js'], {
    cwd: place,
    env: {
      PATH: process.env.PATH,
      AWS_REGION: environment.region,
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      ...brokerVariables(environment),
      [RECORD_KEY_VARIABLE]: 'arn:aws:kms:ap-northeast-2:123456789012:key/1234abcd',
    },
    stdio: 'pipe',
  });
  return JSON.parse(readFileSync(join(place, 'answer.json'), 'utf8'));
}

/** Packages that a dependency tries to load and does without: of the SDK, for signatures that no broker needs. */
const DONE_WITHOUT = ['@aws-sdk/signature-v4-crt'];

const EVENT: ApiEvent = {
  version: '2.0',
  routeKey: 'GET /roles',
  headers: {},
  requestContext: {
    authorizer: {
      iam: {
        accountId: environment.account,
        userArn: `arn:aws:sts::${environment.account}:assumed-role/hermes-dev-worker/worker`,
      },
    },
  },
};

const CALL = `
const { writeFileSync } = require('node:fs');
require('./index.js').handler(${JSON.stringify(EVENT)}).then((answer) => {
  writeFileSync('answer.json', JSON.stringify(answer));
});
`;

/** Names of modules that the code asks Node for, each once. */
function requiredBy(code: string): readonly string[] {
  return [...new Set([...code.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = '']) => name))];
}

function isBuiltIn(name: string): boolean {
  return builtinModules.includes(name.replace(/^node:/, ''));
}
