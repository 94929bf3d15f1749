/** Reads a lease from a broker that is not trusted. */
import type { Broker } from '../../console/app/api/client';
import { readLease } from '../../console/app/lease/read-lease';

const signedBy = (by: unknown) => ({ body: { type: 'approved', by, assertion: {} } });

it('reads the keys of each person once, also if the answers name somebody else', async () => {
  const asked: string[] = [];
  const broker = (async (operation: string, { path }: { readonly path: Readonly<Record<string, string>> }) => {
    if (operation === 'events') return { events: [signedBy({ name: 'lead' })] };
    if (operation === 'status') return { id: 'lh-1' };
    asked.push(path.principal ?? '');
    if (asked.length > 10) throw new Error('It reads endlessly.');
    return { person: 'mallory', events: [signedBy('root')] };
  }) as unknown as Broker;
  expect((await readLease(broker, 'approver', 'lh-1')).kind).toBe('broken');
  expect(asked).toEqual(['lead', 'root']);
});
