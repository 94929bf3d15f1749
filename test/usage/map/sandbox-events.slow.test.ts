/**
 * The sandbox decides what each call needs, by tables of its own. From the events of the same calls, without the
 * decisions, no needed action may be missed, and no resource that was used.
 */
import { overlaps, resourcePattern } from '@leasehold/policy';
import type { Sandbox } from '@leasehold/sandbox';
import { neededBy } from '../../../lib/usage/map/actions';
import { acceptance } from '../../../lib/usage/map/entries';
import { resourcesOf } from '../../../lib/usage/map/resources';
import { recordOf } from '../../../lib/usage/record/record';
import { ALIAS, CLIENTS, type Client, KEY } from '../../sandbox/services/calls';
import { catalogue as everyTable } from '../../sandbox/services/support/rows';
import { aSandbox, clientOf } from '../../sandbox/support/sandbox';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await aSandbox(undefined, { known: { keyAliases: new Map([[ALIAS, KEY]]) } });
});
afterAll(() => sandbox.stop());

const catalogue = everyTable();
/** Actions that no event shows: they are never claimed, so that they need not be seen. */
const SILENT = new Set(['iam:PassRole']);

describe.each(CLIENTS)('%s', (_, module, clientName, calls) => {
  it.each(calls)('%s', async (operation, input) => {
    const Client = module[clientName] as new (config: object) => Client;
    const client = new Client({ ...clientOf(sandbox, sandbox.administrator), forcePathStyle: true });
    await client.send(new (module[`${operation}Command`] as new (input: object) => object)(input));
    client.destroy();
    const { verdict, decisions, ...event } = sandbox.log.last ?? { decisions: [] };
    expect(verdict).toBe('allowed');
    const record = recordOf(event);
    if (record === undefined) throw new Error('no record');
    const known = await catalogue;
    const accepts = acceptance(known);
    const needed = neededBy(record, known);
    const actions = new Set(decisions.map(({ action }) => action).filter((action) => !SILENT.has(action)));
    const seen = new Set([...needed.actions, ...needed.perhaps]);
    expect([...actions].filter((action) => !seen.has(action) && !isTagging(action, known))).toEqual([]);
    for (const action of needed.actions) {
      const info = known.action(action);
      const found =
        info && resourcesOf(record, info, { partition: 'aws', account: '123456789012' }, (arn) => accepts(action, arn));
      const decided = decisions.filter((each) => each.action === action).map(({ resource }) => resource);
      if (found === undefined || decided.length === 0) continue;
      const missed = decided.filter(
        (resource) => !found.some((each) => overlaps(resourcePattern(each), resourcePattern(resource))),
      );
      expect({ action, missed }).toEqual({ action, missed: [] });
    }
  });
});

function isTagging(action: string, known: Awaited<typeof catalogue>): boolean {
  return known.action(action)?.levels.includes('Tagging') === true;
}
