/** Where the broker is, and what is said where that cannot be told. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import { findBroker } from '../../../lib/cli/broker/broker-location';
import { openShell } from '../../../lib/cli/shell';
import { leasehold, newFolder, removeFolders } from '../support';
import { anOffice, aWaitingLease, type Office } from './support';

let office: Office;
let lease: string;
beforeAll(async () => {
  office = await anOffice();
  lease = await aWaitingLease(office);
  const { broker: _, ...rest } = manifest(office.environment);
  writeFileSync(join(office.folder, 'no-broker.json'), JSON.stringify(rest));
});
afterAll(async () => {
  await office.stop();
  removeFolders();
});

describe('the broker is found', () => {
  it.each<[string, (url: string) => readonly string[], (url: string) => Record<string, string>]>([
    ['in leasehold.json', () => [], () => ({})],
    ['in the manifest that is named', () => ['--manifest', 'leasehold.json'], () => ({})],
    ['in the manifest that the environment names', () => [], () => ({ LEASEHOLD_MANIFEST: 'leasehold.json' })],
    ['by its address alone', (url) => ['--broker', url, '--region', 'ap-northeast-2'], () => ({})],
    ['by an address of the environment', () => [], (url) => ({ LEASEHOLD_BROKER_URL: `${url}/` })],
  ])('%s', async (_, more, env) => {
    const { code, out } = await office.as('lead', ['leases', ...more(office.url)], { env: env(office.url) });
    expect([code, out]).toEqual([0, expect.stringContaining(lease)]);
  });

  it.each([
    [
      'https://a1b2c3.execute-api.eu-west-1.amazonaws.com/leasehold-hermes-dev',
      'eu-west-1',
      'sts.eu-west-1.amazonaws.com',
      'aws',
    ],
    [
      'https://a1b2c3.execute-api.cn-north-1.amazonaws.com.cn/leasehold-x',
      'cn-north-1',
      'sts.cn-north-1.amazonaws.com.cn',
      'aws-cn',
    ],
  ])('at %s in %s, and people sign in at %s', (broker, region, sts, partition) => {
    const host = { out: () => {}, err: () => {}, outColumns: 80, errColumns: 80, cwd: newFolder(), env: {}, today: '' };
    const place = findBroker(
      { broker },
      openShell(host, false, () => {}),
    );
    expect(place).toMatchObject({ url: broker, region, stsEndpoint: `https://${sts}` });
    const stack = broker.replace(/.*leasehold-/, '');
    expect(place?.roleOf('approver', { partition, account: '210987654321' })).toBe(
      `arn:${partition}:iam::210987654321:role/leasehold-people/${stack}-approver`,
    );
  });
});

it.each([
  'https://broker.example.com/leasehold-hermes-dev/',
  'https://broker.example.com:443/leasehold-hermes-dev',
  'HTTPS://Broker.Example.COM/x/../leasehold-hermes-dev/',
])('the spelling %s is the same broker as in its manifest', (broker) => {
  const url = 'https://broker.example.com/leasehold-hermes-dev';
  const folder = newFolder();
  const written = manifest(office.environment);
  const placeOf = (ofManifest: string, given: string) => {
    const console = 'https://console.example.com/console';
    const named = { ...written, broker: { ...written.broker, region: 'eu-west-1', url: ofManifest, console } };
    writeFileSync(join(folder, 'leasehold.json'), JSON.stringify(named));
    const host = { out: () => {}, err: () => {}, outColumns: 80, errColumns: 80, cwd: folder, env: {}, today: '' };
    return findBroker(
      { broker: given, manifest: 'leasehold.json', region: 'eu-west-1' },
      openShell(host, false, () => {}),
    );
  };
  const expected = { url, console: 'https://console.example.com/console' };
  expect(placeOf(url, broker)).toMatchObject(expected);
  expect(placeOf(broker, url)).toMatchObject(expected);
  expect(placeOf(url, `${url}-other`)).toMatchObject({ url: `${url}-other`, console: `${url}-other/console` });
});

describe('nobody is asked for a code', () => {
  it.each<[string, readonly string[], string]>([
    ['where the manifest has no broker', ['--manifest', 'no-broker.json'], 'hermes dev has no broker'],
    ['where the manifest cannot be read', ['--manifest', 'none.json'], 'none.json cannot be read'],
    [
      'where the region cannot be told',
      ['--broker', 'https://broker.example.com/leasehold-hermes-dev'],
      'does not contain its region',
    ],
    [
      'where the stack cannot be told',
      ['--broker', 'https://broker.example.com', '--region', 'eu-west-1'],
      'which stack the broker belongs to',
    ],
    [
      'where it would be spoken to in the clear',
      ['--broker', 'http://broker.example.com/x', '--region', 'eu-west-1'],
      'not one to which signed calls can be sent',
    ],
  ])('%s', async (_, more, message) => {
    const { code, out, err } = await office.as('lead', ['leases', ...more]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toContain('MFA code');
  });

  it('where nothing is named, and how to write a manifest is said', async () => {
    const { code, err } = await leasehold('leases', { cwd: newFolder() });
    expect(code).toBe(2);
    expect(err).toContain('npx leasehold manifest --env ENVIRONMENT --broker-url URL > leasehold.json');
  });
});

it('`approve` without a broker looks on this machine alone', async () => {
  expect(await office.as('lead', `approve ${lease} --manifest no-broker.json`)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/no request "lh-\S+" waits here[\s\S]+--manifest FILE/),
  });
});

it('`approve` at a broker that is named asks for nothing on this machine', async () => {
  const line = `approve ${lease} --broker ${office.url} --region ap-northeast-2 --directory /dev/null/x`;
  expect(await office.as('lead', line)).toMatchObject({ code: 1, out: expect.stringContaining('waits for an answer') });
  expect(await office.as('lead', `approve ${lease}`, { env: { XDG_RUNTIME_DIR: '/dev/null/x' } })).toMatchObject({
    code: 1,
    err: expect.stringContaining('note: nothing can wait on this machine: '),
  });
});
