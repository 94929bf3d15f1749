/** The bounds of a policy's outcome while the values of some context keys are not known. */
import type { Outcome, PolicyDocument } from '@leasehold/policy';
import { evaluate, permittingBound, prepare } from '@leasehold/policy/core';
import fc from 'fast-check';

const KEYS = ['aws:SourceVpc', 'aws:PrincipalTag/team', 's3:prefix', 'aws:SourceIp'] as const;

function outcomeOf(document: PolicyDocument, context: Readonly<Record<string, string>> = {}): Outcome {
  const principal = {
    kind: 'session',
    roleArn: 'arn:aws:iam::111122223333:role/r',
    sessionName: 'session',
  } as const;
  const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/x', principal, context };
  return evaluate(request, prepare({ identity: [document] })).outcome;
}

const documentOf = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement }) as PolicyDocument;
const ALLOW = { Effect: 'Allow', Action: 's3:*', Resource: '*' };
const PREFIX = { StringEquals: { 's3:prefix': 'x' } };
const TEAM = 'arn:aws:s3:::b/${aws:PrincipalTag/team}';

it.each<[string, PolicyDocument, Outcome, Outcome]>([
  ['no unknown key', documentOf(ALLOW), 'allowed', 'allowed'],
  ['an allow with a condition', documentOf({ ...ALLOW, Condition: PREFIX }), 'allowed', 'implicitly denied'],
  [
    'a deny with a condition',
    documentOf(ALLOW, { ...ALLOW, Effect: 'Deny', Condition: PREFIX }),
    'allowed',
    'explicitly denied',
  ],
  [
    'a key in another case',
    documentOf({ ...ALLOW, Condition: { StringEquals: { 'S3:Prefix': 'x' } } }),
    'allowed',
    'implicitly denied',
  ],
  ['a variable in the resource', documentOf({ ...ALLOW, Resource: TEAM }), 'allowed', 'implicitly denied'],
  [
    'a variable with a default',
    documentOf({ ...ALLOW, Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team, 'x'}" }),
    'allowed',
    'implicitly denied',
  ],
  [
    'a variable in a resource that does not match anyway',
    documentOf({ ...ALLOW, Resource: 'arn:aws:s3:::other/${aws:PrincipalTag/team}' }),
    'implicitly denied',
    'implicitly denied',
  ],
  [
    'a variable in what is not the resource',
    documentOf({ Effect: 'Allow', Action: 's3:*', NotResource: TEAM }),
    'allowed',
    'implicitly denied',
  ],
  [
    'a condition that compares with a variable',
    documentOf({ ...ALLOW, Condition: { StringEquals: { 'aws:PrincipalArn': '${aws:PrincipalTag/team}' } } }),
    'allowed',
    'implicitly denied',
  ],
  [
    'a condition that is met in any case beside one that is not known',
    documentOf({ ...ALLOW, Condition: { StringLike: { 'aws:PrincipalArn': '*' }, ...PREFIX } }),
    'allowed',
    'implicitly denied',
  ],
])('%s', (_, document, most, least) => {
  expect(outcomeOf(permittingBound(document, KEYS, 'most'))).toBe(most);
  expect(outcomeOf(permittingBound(document, KEYS, 'least'))).toBe(least);
});

it('no values of the unknown keys permit more than the upper bound, or less than the lower bound', () => {
  const value = fc.constantFrom('x', 'y', '10.0.0.1', '');
  const statement = fc
    .record({
      Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
      isNegated: fc.boolean(),
      resource: fc.constantFrom('*', TEAM, 'arn:aws:s3:::b/y', "arn:aws:s3:::b/${aws:PrincipalTag/team, 'x'}"),
      Condition: fc.constantFrom(
        {},
        { StringEquals: { 'aws:SourceVpc': 'x' } },
        { StringNotEquals: { 's3:prefix': '${aws:PrincipalTag/team}' } },
        { StringLikeIfExists: { 's3:prefix': '${aws:SourceVpc}*' }, Null: { 'aws:SourceIp': 'true' } },
        { 'ForAllValues:StringEquals': { 'aws:SourceVpc': ['x', 'y'] } },
        { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      ),
    })
    .map(({ isNegated, resource, ...others }) => ({
      ...others,
      Action: 's3:*',
      ...(isNegated ? { NotResource: resource } : { Resource: resource }),
    }));
  const context = fc.dictionary(fc.constantFrom(...KEYS), value, { noNullPrototype: true });
  fc.assert(
    fc.property(
      fc.array(statement, { minLength: 1, maxLength: 3 }),
      context,
      fc.subarray([...KEYS]),
      (statements, given, unknown) => {
        const document = documentOf(...statements);
        const known = Object.fromEntries(
          Object.entries(given).filter(([key]) => !unknown.some((each) => each === key)),
        );
        const isAllowed = (permitting: 'most' | 'least') =>
          outcomeOf(permittingBound(document, unknown, permitting), known) === 'allowed';
        const actual = outcomeOf(document, given) === 'allowed';
        expect([isAllowed('least') && !actual, actual && !isAllowed('most')]).toEqual([false, false]);
      },
    ),
    { numRuns: 2000 },
  );
});
