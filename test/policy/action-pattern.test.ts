import { compileActionPattern, hasWildcard, parseActionPattern } from '@leasehold/policy';

describe('an action pattern', () => {
  it.each([
    ['*', { service: '*', name: '*' }],
    ['s3:GetObject', { service: 's3', name: 'GetObject' }],
    ['S3:Get*', { service: 's3', name: 'Get*' }],
    ['rds-data:*', { service: 'rds-data', name: '*' }],
    ['ec2:?escribe*', { service: 'ec2', name: '?escribe*' }],
  ])('%s comes apart', (text, halves) => {
    expect(parseActionPattern(text)).toEqual(halves);
  });

  // "Action vendors must not contain wildcards", says IAM.
  it.each(['', 's3', 's3:', ':GetObject', '*:GetObject', 's*:GetObject', '**', 's3:Get Object', 's3:a:b', ' s3:Get*'])(
    '%j is none',
    (text) => {
      expect(parseActionPattern(text)).toBeUndefined();
    },
  );

  it('matches in either case', () => {
    expect(compileActionPattern('s3:get*')('S3:GetObject')).toBe(true);
    expect(compileActionPattern('s3:get*')('s3:PutObject')).toBe(false);
  });

  it('has a wildcard or has none', () => {
    expect([hasWildcard('s3:Get*'), hasWildcard('s3:Ge?'), hasWildcard('s3:Get')]).toEqual([true, true, false]);
  });
});
