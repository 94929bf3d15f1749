/** `leasehold conformance` as a process of its own, against a sandbox: Ctrl-C, a kill, and the cleaning after it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import {
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  ListVirtualMFADevicesCommand,
} from '@aws-sdk/client-iam';
import { PROBE_PATH } from '@leasehold/conformance';
import type { Sandbox } from '@leasehold/sandbox';
import { ACCOUNT, anAccount } from '../conformance/support/sandboxed';
import { plain } from '../sandbox/support/sandbox';
import { LEASEHOLD } from '../support/sources';
import { newFolder, removeFolders } from './support';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await anAccount();
});
afterEach(() => sandbox.stop());
afterAll(removeFolders);

function start(...more: readonly string[]) {
  const { accessKeyId, secretAccessKey } = sandbox.administrator;
  const line = ['conformance', '--account', ACCOUNT, '--confirm', ACCOUNT, ...more];
  const child = spawn(process.execPath, [...LEASEHOLD, ...line], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: sandbox.url,
      AWS_REGION: 'eu-west-1',
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    },
  });
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text.out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text.err += part;
  });
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, ...text }));
  return { child, ended };
}

/** Waits until the sandbox has got a call so many times. */
async function called(eventName: string, times: number): Promise<void> {
  while (sandbox.log.events.filter((event) => event.eventName === eventName).length < times) await setTimeout(20);
}

async function leftovers(): Promise<number> {
  const client = new IAMClient({
    endpoint: sandbox.url,
    region: 'us-east-1',
    credentials: plain(sandbox.administrator),
  });
  const PathPrefix = PROBE_PATH;
  const { Users = [] } = await client.send(new ListUsersCommand({ PathPrefix }));
  const { Roles = [] } = await client.send(new ListRolesCommand({ PathPrefix }));
  const { Policies = [] } = await client.send(new ListPoliciesCommand({ PathPrefix }));
  const { VirtualMFADevices = [] } = await client.send(new ListVirtualMFADevicesCommand({}));
  client.destroy();
  const devices = VirtualMFADevices.filter(({ SerialNumber = '' }) => SerialNumber.includes(PROBE_PATH));
  return Users.length + Roles.length + Policies.length + devices.length;
}

it.each([
  ['SIGINT', 'CreatePolicy', 3],
  ['SIGINT', 'CreateRole', 7],
  ['SIGTERM', 'EnableMFADevice', 2],
  ['SIGINT', 'GetCallerIdentity', 3],
] as const)('%s at %s number %i removes the probes, and reports', async (signal, eventName, times) => {
  const { child, ended } = start();
  await called(eventName, times);
  child.kill(signal);
  // Impatience changes nothing.
  await called('DeletePolicy', 1).then(() => child.kill('SIGINT'));
  const { code, out, err } = await ended;
  expect(code).toBe(1);
  expect(err).toContain('Interrupted. Removing the probe identities.');
  expect(out).toContain('**The run was interrupted.**');
  expect(out).toContain('Everything that the run created was removed.');
  expect(out).not.toContain('| holds |');
  expect(await leftovers()).toBe(0);
});

it('a run that was killed leaves probes, which `--clean` finds and removes', async () => {
  const { child, ended } = start();
  await called('EnableMFADevice', 1);
  child.kill('SIGKILL');
  expect((await ended).signal).toBe('SIGKILL');
  expect(await leftovers()).toBeGreaterThan(20);
  const { code, out, err } = await start('--clean').ended;
  expect({ code, err: err.replace(/^note: Node [^\n]*\n/gm, '') }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^Calls went to 127\.0\.0\.1, not to AWS\. This states nothing about AWS\.\nRemoved:\n {2}device lhp[0-9a-f]{16}-1\n/,
  );
  expect(await leftovers()).toBe(0);
  expect((await start('--clean').ended).out).toMatch(/\nNo run left anything\.\n$/);
});

it('runs one probe, prints JSON, and writes both reports', async () => {
  const folder = newFolder();
  const { code, out } = await start('--only', 'account-quotas', '--json', '--out', folder).ended;
  expect(code).toBe(0);
  const report = JSON.parse(out);
  expect(report).toMatchObject({ version: 1, account: ACCOUNT, interrupted: false, left: [] });
  expect(report.probes).toEqual([
    expect.objectContaining({ id: 'account-quotas', verdict: 'holds', alternative: null }),
  ]);
  expect(readFileSync(join(folder, 'conformance.json'), 'utf8')).toBe(out);
  expect(readFileSync(join(folder, 'conformance.md'), 'utf8')).toMatch(/^# Conformance\n/);
});
