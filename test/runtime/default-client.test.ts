/** `lease` and `withLease` without a client of one's own: configured in code, or by the environment. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import { configure, lease, withLease } from '@leasehold/runtime';
import { DEV, Desk, REQUEST } from './support/desk';

let desk: Desk;
let folder: string;
let before: NodeJS.ProcessEnv;

beforeEach(async () => {
  before = process.env;
  process.env = { ...before };
  for (const name of Object.keys(process.env)) if (/^(LEASEHOLD|AWS)_/.test(name)) delete process.env[name];
  folder = mkdtempSync(join(tmpdir(), 'leasehold-default-'));
  writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(manifest(DEV)));
  desk = await Desk.open();
  configure({});
});
afterEach(async () => {
  process.env = before;
  configure({});
  rmSync(folder, { recursive: true, force: true });
  await desk.close();
});

const options = () => ({
  manifest: join(folder, 'leasehold.json'),
  approval: desk.yes,
  credentials: desk.sandbox.keys,
  endpoint: desk.sandbox.url,
});

it('opens a role with what was configured', async () => {
  configure(options());
  expect((await lease('s3-deploy', REQUEST)).role).toBe('s3-deploy');
  expect(await withLease('s3-deploy', REQUEST, async ({ id }) => id)).toMatch(/^lh-/);
  expect(desk.asked).toHaveLength(2);
});

it('takes the rest from the environment', async () => {
  const approve = [process.execPath, '-e', `process.stdout.write('lead ${desk.device.code()}')`];
  Object.assign(process.env, desk.sandbox.env, {
    LEASEHOLD_MANIFEST: join(folder, 'leasehold.json'),
    LEASEHOLD_AGENT: 'agent',
    LEASEHOLD_ANSWER_WITHIN: '1m',
    LEASEHOLD_APPROVE: `command:${JSON.stringify(approve)}`,
  });
  const held = await lease('s3-deploy', REQUEST);
  expect((await held.credentials()).accessKeyId).toMatch(/^ASIA/);
});

it('prefers the endpoint of STS to the one of everything', async () => {
  configure({ manifest: manifest(DEV), approval: desk.yes, credentials: desk.sandbox.keys });
  Object.assign(process.env, { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_ENDPOINT_URL_STS: desk.sandbox.url });
  await expect(lease('s3-deploy', REQUEST)).resolves.toMatchObject({ role: 's3-deploy' });
});

it('says how it is configured when it is not', async () => {
  await expect(lease('s3-deploy', REQUEST)).rejects.toMatchObject({
    code: 'invalid-request',
    hint: expect.stringContaining('LEASEHOLD_MANIFEST'),
  });
});

it.each([
  ['an agent that is not there', { LEASEHOLD_AGENT: 'nobody' }, 'has no agent nobody'],
  ['an answer within no time', { LEASEHOLD_ANSWER_WITHIN: 'soon' }, 'is not a duration'],
  ['the name that the setting had', { LEASEHOLD_APPROVAL_COMMAND: '["zenity"]' }, 'is not read any more'],
  ['a channel that takes more configuration', { LEASEHOLD_APPROVE: 'slack' }, 'is not an approval channel'],
  ['a command of numbers', { LEASEHOLD_APPROVE: 'command:[1]' }, 'is not an approval channel'],
  ['an empty command', { LEASEHOLD_APPROVE: 'command:' }, 'is not an approval channel'],
  ['a terminal with arguments', { LEASEHOLD_APPROVE: 'terminal:x' }, 'is not an approval channel'],
])('refuses %s in the environment', async (_, env, message) => {
  Object.assign(process.env, { LEASEHOLD_MANIFEST: join(folder, 'leasehold.json'), ...env });
  await expect(lease('s3-deploy', REQUEST)).rejects.toThrow(message);
});

it('goes by the latest configuration', async () => {
  configure({ ...options(), approval: () => Promise.reject(new Error('not this one')) });
  await expect(lease('s3-deploy', REQUEST)).rejects.toMatchObject({ code: 'channel-failed' });
  configure(options());
  await expect(lease('s3-deploy', REQUEST)).resolves.toMatchObject({ role: 's3-deploy' });
});
