import { evaluate, explain, PolicyError, type PolicyKind, parsePolicy, prepare } from '@leasehold/policy';
import fc from 'fast-check';
import { document, documentsOf, question, RUNS, resourceStatement, type Written } from './evaluate-arbitraries';

const KINDS: readonly PolicyKind[] = ['identity', 'resource', 'trust', 'boundary', 'session', 'scp', 'rcp', 'endpoint'];

function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: RUNS });
}

describe('property: nothing is thrown but PolicyError', () => {
  it('by any value in place of a policy', () => {
    check(
      fc.property(fc.anything(), fc.constantFrom(...KINDS), (value, kind) => survives(() => parsePolicy(value, kind))),
    );
  });

  it('by any text in place of a policy', () => {
    check(
      fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...KINDS), (text, kind) =>
        survives(() => parsePolicy(text, kind)),
      ),
    );
  });

  it('by any value in place of a part of a policy', () => {
    check(
      fc.property(
        resourceStatement,
        fc.nat(),
        fc.anything(),
        fc.constantFrom(...KINDS),
        (statement, number, value, kind) => {
          const elements = Object.keys(statement);
          const broken = { ...statement, [elements[number % elements.length] ?? 'Effect']: value } as Written;
          survives(() => parsePolicy(document([broken]), kind));
        },
      ),
    );
  });

  it('by any texts in place of action, resource, principal and context', () => {
    const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('*', 's3:GetObject', 'arn:aws:s3:::a/1'));
    check(
      fc.property(
        question,
        texts,
        texts,
        texts,
        fc.dictionary(texts, fc.oneof(texts, fc.array(texts))),
        (drawn, action, resource, arn, context) => {
          const policies = prepare(documentsOf(drawn.world));
          for (const change of [{ action }, { resource }, { context }, { principal: { kind: 'user', arn } as const }]) {
            survives(() => explain(evaluate({ ...drawn.request, ...change }, policies)));
          }
        },
      ),
    );
  });

  it('by any operator with any values', () => {
    const operators = fc.constantFrom(
      'StringLike',
      'ArnLike',
      'NumericLessThan',
      'DateEquals',
      'IpAddress',
      'BinaryEquals',
      'Bool',
      'Null',
    );
    check(
      fc.property(
        question,
        operators,
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        ({ request }, operator, wanted, value) => {
          const statement: Written = {
            Effect: 'Allow',
            Action: '*',
            Resource: '*',
            Condition: { [operator]: { 'app:key': wanted } },
          };
          survives(() =>
            evaluate(
              { ...request, context: { 'app:key': value } },
              { identity: [], resource: parsePolicy(document([{ ...statement, Principal: '*' }]), 'resource') },
            ),
          );
        },
      ),
    );
  });
});

function survives(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    expect(error.path).toMatch(/^(\/|$)/);
  }
}
