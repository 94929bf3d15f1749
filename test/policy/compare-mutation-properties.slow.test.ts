import fc from 'fast-check';
import { compare } from '../../lib/policy/compare/compare';
import type { Statement } from '../../lib/policy/document';
import { evaluate } from '../../lib/policy/evaluate/evaluate';
import { type PolicyDocuments, prepare } from '../../lib/policy/evaluate/policies';
import { RUNS, statement, toDocument } from './compare-arbitraries';
import { MUTATIONS, type Mutation, QUEUE, SEND } from './compare-mutations';

/** Statements that say nothing of queues. */
const others = fc.array(
  statement.filter(({ Action }) => Action !== undefined && ![Action].flat().includes('*')),
  { maxLength: 3 },
);

describe('what widens by construction is never called not-widened', () => {
  test.each(MUTATIONS)('$name', ({ before, after, context }) => {
    let shown = 0;
    let runs = 0;
    fc.assert(
      fc.property(others, fc.nat({ max: 3 }), fc.boolean(), (beside, place, limited) => {
        const among = (list: readonly Statement[]) => [...beside.slice(0, place), ...list, ...beside.slice(place)];
        const limits = limited ? { boundary: toDocument([{ Effect: 'Allow', Action: '*', Resource: '*' }]) } : {};
        const earlier = { identity: [toDocument(among(before))], ...limits };
        const later = { identity: [toDocument(among(after))], ...limits };
        if (context !== undefined) {
          expect(sending(later, context)).toBe('allowed');
          expect(sending(earlier, context)).not.toBe('allowed');
        }
        const { kind } = compare(earlier, later);
        expect(kind).not.toBe('not-widened');
        runs += 1;
        if (kind === 'widened') shown += 1;
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
    // Where there is a request that shows it, it is found.
    if (context !== undefined) expect(shown).toBe(runs);
  });

  test('a boundary or a session policy is dropped', () => {
    const narrow = toDocument([{ Effect: 'Allow', Action: 'sqs:GetQueueUrl', Resource: '*' }]);
    fc.assert(
      fc.property(others, fc.constantFrom({ boundary: narrow }, { session: [narrow] }), (beside, limits) => {
        const identity = [toDocument([...beside, SEND])];
        expect(compare({ identity, ...limits }, { identity }).kind).toBe('widened');
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
  });
});

function sending(documents: PolicyDocuments, context: NonNullable<Mutation['context']>): string {
  const principal = { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/r', sessionName: 'session' } as const;
  return evaluate({ action: 'sqs:SendMessage', resource: QUEUE, principal, context }, prepare(documents)).outcome;
}
