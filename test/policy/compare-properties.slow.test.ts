import { defined } from '@leasehold/contract/defined';
import fc from 'fast-check';
import { compare } from '../../lib/policy/compare/compare';
import type { Statement } from '../../lib/policy/document';
import { PolicyError } from '../../lib/policy/evaluate/error';
import { evaluate } from '../../lib/policy/evaluate/evaluate';
import { type PolicyDocuments, prepare } from '../../lib/policy/evaluate/policies';
import type { Request } from '../../lib/policy/evaluate/request';
import { atLeastOf } from '../support/usual-counts';
import {
  ROLE,
  RUNS,
  related,
  request,
  SESSION,
  side,
  statement,
  statementsOf,
  Tally,
  toDocument,
} from './compare-arbitraries';

const runs = { numRuns: RUNS };

function allowsBy(documents: PolicyDocuments): (asked: Request) => boolean {
  const policies = prepare(documents);
  return (asked) => evaluate(asked, policies).outcome === 'allowed';
}

describe('answers hold under evaluate', () => {
  /** A resource's policy that grants to the caller by name, or to the caller's role; or none. */
  const RESOURCE_POLICIES: readonly PolicyDocuments[] = [
    {},
    ...[SESSION, ROLE].map((AWS) => ({
      resource: toDocument([{ Effect: 'Allow', Principal: { AWS }, Action: '*', Resource: '*' }]),
    })),
  ];

  test.each([
    { resourcePolicies: 'count', besides: RESOURCE_POLICIES },
    { resourcePolicies: 'ignore', besides: [{}] },
  ] as const)(
    'resource policies: $resourcePolicies; a witness shows it, no request contradicts not-widened',
    (mode) => {
      const { resourcePolicies, besides } = mode;
      const tally = new Tally();
      fc.assert(
        fc.property(
          fc.oneof(related, fc.tuple(side, side)),
          fc.array(request, { minLength: 15, maxLength: 15 }),
          ([before, after], requests) => {
            const comparison = tally.note(compare(before, after, { resourcePolicies }));
            if (comparison.kind === 'widened') {
              const { witness, beside } = comparison;
              expect(allowsBy({ ...after, ...beside })(witness)).toBe(true);
              expect(allowsBy({ ...before, ...beside })(witness)).toBe(false);
            } else if (comparison.kind === 'not-widened') {
              for (const beside of besides) {
                const [earlier, later] = [allowsBy({ ...before, ...beside }), allowsBy({ ...after, ...beside })];
                expect(requests.filter((asked) => later(asked) && !earlier(asked))).toEqual([]);
              }
            } else expect(comparison.reason).not.toBe('');
          },
        ),
        runs,
      );
      // The law is empty if one answer is given to everything.
      expect(tally.share('not-widened')).toBeGreaterThan(0.15);
      expect(tally.share('widened')).toBeGreaterThan(0.15);
      expect(tally.share('unknown')).toBeLessThan(0.15);
    },
  );

  test('what is given holds of the witness, and of every request that could contradict', () => {
    const values = fc.record({
      'aws:PrincipalTag/t': fc.constantFrom('a', 'b', 'a/x', '*'),
      'aws:PrincipalTag/u': fc.constantFrom('a', 'A', 'eu', 'eu:1'),
    });
    const tally = new Tally();
    fc.assert(
      fc.property(related, values, fc.array(request, { minLength: 15, maxLength: 15 }), (pair, given, requests) => {
        const [before, after] = pair;
        const comparison = tally.note(compare(before, after, { given, resourcePolicies: 'ignore' }));
        const [earlier, later] = [allowsBy(before), allowsBy(after)];
        if (comparison.kind === 'widened') {
          const { witness } = comparison;
          expect(witness.context).toMatchObject(given);
          expect([earlier(witness), later(witness)]).toEqual([false, true]);
        } else if (comparison.kind === 'not-widened') {
          const bound = requests.map((asked) => ({ ...asked, context: { ...asked.context, ...given } }));
          expect(bound.filter((asked) => later(asked) && !earlier(asked))).toEqual([]);
        }
      }),
      runs,
    );
    expect(tally.share('not-widened')).toBeGreaterThan(0.15);
    expect(tally.share('widened')).toBeGreaterThan(0.15);
  });

  test('a policy never widens itself, and that is nearly always proven', () => {
    const tally = new Tally();
    fc.assert(
      fc.property(side, (one) => {
        expect(tally.note(compare(one, one)).kind).not.toBe('widened');
      }),
      runs,
    );
    expect(tally.share('not-widened')).toBeGreaterThan(atLeast(0.99, RUNS));
  });

  test('what does not widen twice does not widen at once', () => {
    let chains = 0;
    fc.assert(
      fc.property(related, related, fc.nat(), ([first, second], [, other], seed) => {
        const third = seed % 2 === 0 ? other : { ...second, identity: [toDocument(statementsOf(second).slice(0, 1))] };
        if (compare(first, second).kind !== 'not-widened' || compare(second, third).kind !== 'not-widened') return;
        chains += 1;
        expect(compare(first, third).kind).not.toBe('widened');
      }),
      runs,
    );
    expect(chains).toBeGreaterThan(atLeastOf(RUNS / 20));
  });
});

describe('what only narrows or only rewrites is never called widened', () => {
  const rewrites: readonly {
    name: string;
    rewrite: (list: readonly Statement[], extra: Statement) => readonly Statement[];
    proven: number;
  }[] = [
    { name: 'statements in another order', rewrite: (list) => list.toReversed(), proven: 0.99 },
    {
      name: 'statements under other names',
      rewrite: (list) => list.map((one, index) => ({ ...one, Sid: `S${index}` })),
      proven: 0.99,
    },
    { name: 'statements said twice', rewrite: (list) => [...list, ...list], proven: 0.99 },
    { name: 'statements split by action', rewrite: (list) => list.flatMap(splitByAction), proven: 0.97 },
    { name: 'statements split by resource', rewrite: (list) => list.flatMap(splitByResource), proven: 0.97 },
    { name: 'a deny is added', rewrite: (list, extra) => [...list, { ...extra, Effect: 'Deny' }], proven: 0.99 },
    { name: 'a statement of allow is dropped', rewrite: dropAllow, proven: 0.99 },
  ];
  test.each(rewrites)('$name', ({ rewrite, proven }) => {
    const tally = new Tally();
    fc.assert(
      fc.property(side, statement, (before, extra) => {
        const after = { ...before, identity: [toDocument(rewrite(statementsOf(before), extra))] };
        expect(tally.note(compare(before, after)).kind).not.toBe('widened');
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
    expect(tally.share('not-widened')).toBeGreaterThan(atLeast(proven, RUNS / 4));
  });

  test('a boundary or a session policy is added', () => {
    const tally = new Tally();
    fc.assert(
      fc.property(side, side, ({ identity = [] }, limits) => {
        const { boundary, session } = limits;
        const after = {
          identity,
          ...defined({ boundary, session }),
        };
        expect(tally.note(compare({ identity }, after)).kind).not.toBe('widened');
      }),
      runs,
    );
    expect(tally.share('not-widened')).toBeGreaterThan(atLeast(0.99, RUNS));
  });
});

describe('nothing is thrown but typed errors', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const broken = fc
    .tuple(side, fc.constantFrom('Action', 'Resource', 'Effect', 'Condition', 'Sid', 'Principal'), json)
    .map(([{ identity = [] }, element, value]) => ({
      identity: identity.map((document) => {
        const { Statement: list } = document as { Statement: readonly Statement[] };
        return toDocument(list.map((one, index) => (index === 0 ? { ...one, [element]: value } : one)));
      }),
    }));

  test('whatever the documents are', () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(side, broken, json), fc.oneof(side, broken, json), (before, after) => {
        try {
          compare(before as PolicyDocuments, after as PolicyDocuments);
        } catch (error) {
          expect(error).toBeInstanceOf(PolicyError);
          refused += 1;
        }
      }),
      runs,
    );
    expect(refused).toBeGreaterThan(atLeastOf(RUNS / 20));
  });
});

function splitByAction(one: Statement): Statement[] {
  const { Action } = one;
  return Action === undefined ? [one] : [Action].flat().map((action) => ({ ...one, Action: action }));
}

function splitByResource(one: Statement): Statement[] {
  const { Resource } = one;
  return Resource === undefined ? [one] : [Resource].flat().map((resource) => ({ ...one, Resource: resource }));
}

function dropAllow(list: readonly Statement[]): readonly Statement[] {
  const rest = list.filter((one, index) => one.Effect === 'Deny' || list.findIndex(isAllow) !== index);
  return rest.length === 0 ? [{ Effect: 'Deny', Action: '*', Resource: '*' }] : rest;
}

function isAllow({ Effect }: Statement): boolean {
  return Effect === 'Allow';
}

/** The share below which a sample this large would fall once in 30,000 times by chance: four standard errors. */
function atLeast(share: number, samples: number): number {
  return share - 4 * Math.sqrt((share * (1 - share)) / samples);
}
