/** Same input, same bytes: on any machine, in any folder, at any time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { anAgent, anEnvironment, aReleaseRole, definitions, IDENTITIES } from '../support/environment';
import { inTemporaryFolder, synthFiles } from '../support/synth';

const project = definitions(
  anEnvironment({
    agents: Object.values(IDENTITIES).map((identity) => anAgent({ name: `a-${identity.type}`, identity })),
    roles: [aReleaseRole({ agents: ['a-iam-user'], gates: ['broker', 'mfa'] })],
    alerts: { emails: ['security@example.com'], trail: 'create' },
  }),
  anEnvironment({ name: 'prod', account: '210987654321', backend: { type: 's3', bucket: 'b', key: 'k', region: 'r' } }),
);

const before = { cwd: process.cwd(), HOME: process.env.HOME, TZ: process.env.TZ, LANG: process.env.LANG };

afterEach(() => {
  process.chdir(before.cwd);
  for (const name of ['HOME', 'TZ', 'LANG'] as const) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

it('writes the same bytes in another folder, with another home, in another time zone', () => {
  const here = synthFiles(project);
  const there = inTemporaryFolder((folder) => {
    const deeper = join(folder, 'a folder', 'with spaces');
    mkdirSync(deeper, { recursive: true });
    process.chdir(deeper);
    Object.assign(process.env, { HOME: deeper, TZ: 'Asia/Seoul', LANG: 'tr_TR.UTF-8' });
    const files = synthFiles(project);
    process.chdir(before.cwd);
    return files;
  });
  expect(there).toEqual(here);
});

it('writes the same bytes when it runs again in the same process', () => {
  expect(synthFiles(project)).toEqual(synthFiles(project));
});

it('writes no absolute path', () => {
  const texts = [...synthFiles(project).values()].flatMap((file) => strings(JSON.parse(file)));
  const paths = [process.cwd(), process.env.HOME ?? '~', process.execPath, __dirname];
  for (const path of paths) expect(texts.filter((text) => text.includes(path))).toEqual([]);
  // A path of IAM is the only text that begins with a slash.
  expect([...new Set(texts.filter((text) => text.startsWith('/')))].sort()).toEqual([
    '/agents/',
    '/leasehold-broker/',
    '/leasehold/hermes-dev/',
    '/leasehold/hermes-prod/',
  ]);
});

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
}
