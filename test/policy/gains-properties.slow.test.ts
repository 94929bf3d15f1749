import { type Catalogue, compare, gainedActions, loadCatalogue, PolicyError } from '@leasehold/policy';
import fc from 'fast-check';
import { evaluate } from '../../lib/policy/evaluate/evaluate';
import { type PolicyDocuments, prepare } from '../../lib/policy/evaluate/policies';
import type { Request } from '../../lib/policy/evaluate/request';
import { atLeastOf } from '../support/usual-counts';
import { RUNS, related, request, side } from './compare-arbitraries';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(['s3', 'iam']);
});

function allowsBy(documents: PolicyDocuments): (asked: Request) => boolean {
  const policies = prepare(documents);
  return (asked) => evaluate(asked, policies).outcome === 'allowed';
}

test('the list agrees with the comparison, and no request shows what it leaves out', () => {
  let [listed, none] = [0, 0];
  fc.assert(
    fc.property(
      fc.oneof({ arbitrary: related, weight: 4 }, { arbitrary: fc.tuple(side, side), weight: 1 }),
      fc.array(request, { minLength: 15, maxLength: 15 }),
      fc.constantFrom('count', 'ignore'),
      ([before, after], requests, resourcePolicies) => {
        const options = { catalogue, resourcePolicies, newActions: 'ignore' } as const;
        const { gained, undecided } = gainedActions(before, after, options);
        const { kind } = compare(before, after, options);
        if (gained.length > 0) expect(kind).not.toBe('not-widened');
        expect(gained.length + undecided.length === 0).toBe(kind === 'not-widened');
        const named = new Set([...gained, ...undecided].map(({ action }) => action));
        const [earlier, later] = [allowsBy(before), allowsBy(after)];
        const missed = requests.filter(
          (asked) => later(asked) && !earlier(asked) && !named.has(asked.action) && !named.has('*'),
        );
        expect(missed).toEqual([]);
        if (gained.length > 0) listed += 1;
        if (gained.length + undecided.length === 0) none += 1;
      },
    ),
    { numRuns: Math.ceil(RUNS / 10) },
  );
  expect(listed).toBeGreaterThan(atLeastOf(RUNS / 100));
  expect(none).toBeGreaterThan(atLeastOf(RUNS / 100));
});

test('nothing is thrown but PolicyError, whatever the documents are', () => {
  const anything = fc.oneof(side, fc.jsonValue({ maxDepth: 3 }));
  let refused = 0;
  fc.assert(
    fc.property(anything, anything, (before, after) => {
      try {
        gainedActions(before as PolicyDocuments, after as PolicyDocuments, { catalogue });
      } catch (error) {
        expect(error).toBeInstanceOf(PolicyError);
        refused += 1;
      }
    }),
    { numRuns: Math.ceil(RUNS / 10) },
  );
  expect(refused).toBeGreaterThan(atLeastOf(RUNS / 50));
});
