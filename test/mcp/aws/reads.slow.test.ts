/** Compares the decision on read-only operations with all of AWS's reference. */
import { accessOf, loadWholeCatalogue } from '@leasehold/policy';
import { isRead } from '../../../lib/mcp/aws/reads';
import excluded from '../cases/reads-not-repeated.json';

it('every read of the reference is repeated, except these, and nothing else is', async () => {
  const actions = (await loadWholeCatalogue()).expand('*');
  const isRepeated = new Set<string>();
  for (const { id, service, name } of actions) if (await isRead(service, name)) isRepeated.add(id);
  const reads = actions.filter((action) => accessOf(action) === 'read').map(({ id }) => id);
  expect(reads.length).toBeGreaterThan(9000);
  expect(reads.filter((id) => !isRepeated.has(id)).sort()).toEqual(excluded);
  expect([...isRepeated].filter((id) => !reads.includes(id))).toEqual([]);
});
