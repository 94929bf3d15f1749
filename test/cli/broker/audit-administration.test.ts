/** From where the environment of the signatures comes that an audit verifies. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest } from '@leasehold/documents';
import { auditAdministration } from '../../../lib/cli/broker/audit-administration';
import { findBroker } from '../../../lib/cli/broker/broker-location';
import type { OpenBroker } from '../../../lib/cli/broker/open';
import { openShell } from '../../../lib/cli/shell';
import { aBank } from '../../broker/http/support';
import { newFolder, removeFolders } from '../support';

afterAll(removeFolders);

const URL_ = 'https://a1b2c3.execute-api.ap-northeast-2.amazonaws.com/leasehold-hermes-dev';

/** How often the broker is asked for its environment, if the manifest has one address and the command line another. */
async function asks(inManifest: string, broker: string): Promise<number> {
  const cwd = newFolder();
  writeFileSync(join(cwd, 'leasehold.json'), JSON.stringify(manifest(aBank(), inManifest)));
  const host = { out: () => {}, err: () => {}, outColumns: 80, errColumns: 80, cwd, env: {}, today: '' };
  const place = findBroker(
    { broker, manifest: 'leasehold.json' },
    openShell(host, false, () => {}),
  );
  const nonce = jest.fn(async () => ({ environment: 'as the broker says' }));
  const client = { revocations: async () => ({ events: [] }), nonce };
  const signal = new AbortController().signal;
  await auditAdministration({ client, place } as unknown as OpenBroker, 'revocations', undefined, signal);
  return nonce.mock.calls.length;
}

it.each<[string, string, number]>([
  [URL_, URL_, 0],
  [`${URL_}/`, URL_, 0],
  [URL_, `${URL_}/`, 0],
  [URL_.replace('a1b2c3', 'A1B2C3'), URL_, 0],
  [URL_.replace('.com/', '.com:443/'), URL_, 0],
  [URL_.replace('a1b2c3', 'other'), URL_, 1],
  [URL_.replace('-dev', '-DEV'), URL_, 1],
])('with %s in the manifest, and %s as the broker', async (inManifest, broker, times) => {
  expect(await asks(inManifest, broker)).toBe(times);
});
