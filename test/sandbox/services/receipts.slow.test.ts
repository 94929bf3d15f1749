/** A call that is allowed, without a server behind: what the SDK of each service makes of the receipt. */
import type { Sandbox } from '@leasehold/sandbox';
import { SERVICE_MAPPINGS } from '../../../lib/sandbox/services';
import { aSandbox, clientOf } from '../support/sandbox';
import { ALIAS, CLIENTS, type Client, KEY } from './calls';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await aSandbox(undefined, { known: { keyAliases: new Map([[ALIAS, KEY]]) } });
});
afterAll(() => sandbox.stop());

it('has a client of every service', () => expect(CLIENTS).toHaveLength(SERVICE_MAPPINGS.length));

describe.each(CLIENTS)('%s', (_, module, clientName, calls) => {
  let client: Client;
  beforeAll(() => {
    const config = { ...clientOf(sandbox, sandbox.administrator), forcePathStyle: true };
    client = new (module[clientName] as new (config: object) => Client)(config);
  });
  afterAll(() => client.destroy());

  it.each(calls)('%s', async (operation, input) => {
    const Command = module[`${operation}Command`] as new (input: object) => object;
    const { $metadata } = await client.send(new Command(input));
    expect([$metadata.httpStatusCode, sandbox.log.last?.eventName]).toEqual([200, operation]);
    expect(sandbox.log.last?.verdict).toBe('allowed');
  });
});
