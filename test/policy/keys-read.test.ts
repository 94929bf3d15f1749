import { evaluate, keysRead, prepare } from '@leasehold/policy';
import fc from 'fast-check';

const allow = (more: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', ...more }] });

describe('keysRead', () => {
  it.each([
    ['a condition', { Resource: '*', Condition: { StringLike: { 'aws:SourceVpc': 'v' } } }, ['aws:SourceVpc']],
    ['a resource', { Resource: 'arn:aws:s3:::b/${aws:PrincipalTag/team}/*' }, ['aws:PrincipalTag/team']],
    ['what is not the resource', { NotResource: 'arn:aws:s3:::b/${aws:userid}' }, ['aws:userid']],
    ['a default', { Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team, 'all'}/*" }, ['aws:PrincipalTag/team']],
    [
      'a condition with a variable',
      { Resource: '*', Condition: { StringLike: { 's3:prefix': '${aws:username}/*' } } },
      ['aws:username', 's3:prefix'],
    ],
    ['escapes alone', { Resource: 'arn:aws:s3:::b/${*}${?}${$}' }, []],
  ])('names the key of %s', (_, statement, keys) => {
    expect(keysRead(prepare({ identity: [allow(statement)] }))).toEqual(keys);
  });

  it('reads every kind of policy, and names a key once whatever its case', () => {
    const of = (key: string) => allow({ Resource: '*', Condition: { StringEquals: { [key]: 'x' } } });
    const policies = prepare({
      identity: [of('a:identity'), of('A:Identity')],
      boundary: of('a:boundary'),
      session: [of('a:session')],
      scopeDown: [of('a:scoped')],
      scps: [[of('a:scp')]],
      endpoint: { ...of('a:endpoint'), Statement: [{ ...of('a:endpoint').Statement[0], Principal: '*' }] },
    });
    const found = keysRead(policies).map((key) => key.toLowerCase());
    expect(found.sort()).toEqual(['a:boundary', 'a:endpoint', 'a:identity', 'a:scoped', 'a:scp', 'a:session']);
  });

  it('leaves out no key that changes an answer', () => {
    const keys = ['aws:SourceVpc', 'aws:PrincipalTag/team', 's3:prefix', 'aws:SourceIp'] as const;
    const statement = fc.record({
      Resource: fc.constantFrom('*', 'arn:aws:s3:::b/${aws:PrincipalTag/team}'),
      Condition: fc.constantFrom(
        {},
        { StringEquals: { 'aws:SourceVpc': 'x' } },
        { StringNotEquals: { 's3:prefix': '${aws:PrincipalTag/team}' } },
        { Null: { 'aws:SourceIp': 'true' } },
      ),
    });
    const context = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom('x', ''), { noNullPrototype: true });
    fc.assert(
      fc.property(statement, context, fc.constantFrom(...keys), (more, given, key) => {
        const policies = prepare({ identity: [allow(more)] });
        const answer = (values: Record<string, string>) =>
          evaluate(
            {
              action: 's3:GetObject',
              resource: 'arn:aws:s3:::b/x',
              principal: { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/r', sessionName: 'session' },
              context: values,
            },
            policies,
          ).outcome;
        const read = keysRead(policies).includes(key);
        const { [key]: _, ...without } = given;
        expect(read || answer(given) === answer(without)).toBe(true);
      }),
    );
  });
});
