import { formatArn, isArn, isKnownRegion, parseArn, partitionOf } from '@leasehold/policy';
import * as fc from 'fast-check';

describe('an ARN', () => {
  it.each([
    ['arn:aws:s3:::bucket/key', { partition: 'aws', service: 's3', region: '', account: '', resource: 'bucket/key' }],
    [
      'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/x:*',
      {
        partition: 'aws',
        service: 'logs',
        region: 'eu-west-1',
        account: '123456789012',
        resource: 'log-group:/aws/x:*',
      },
    ],
    [
      'arn:aws:iam::${aws:PrincipalAccount}:role/${aws:username}',
      {
        partition: 'aws',
        service: 'iam',
        region: '',
        account: '${aws:PrincipalAccount}',
        resource: 'role/${aws:username}',
      },
    ],
    ['arn:*:*:*:*:*', { partition: '*', service: '*', region: '*', account: '*', resource: '*' }],
  ])('%s comes apart', (text, parts) => {
    expect(parseArn(text)).toEqual(parts);
    expect(formatArn(parts)).toBe(text);
  });

  it.each(['', '*', 'bucket', 'arn:aws:s3', 'arn:aws:s3:::'.slice(0, -1), 'ARN:aws:s3:::b', 'arn:aws:s3:${open:::b'])(
    '%j is none',
    (text) => {
      expect(parseArn(text)).toBeUndefined();
    },
  );

  it.each([
    ['arn:aws:s3:::bucket', true],
    ['arn:aws:iam::123456789012:role/agents/x', true],
    ['arn:aws:s3:::bucket/*', false],
    ['arn:aws:s3:::bucket/?', false],
    ['arn:aws:s3:::${param.release}', false],
    ['arn:aws:s3:::', false],
    ['arn::s3:::bucket', false],
    ['arn:aws::::bucket', false],
    ['bucket', false],
  ])('%s names one resource: %s', (text, one) => {
    expect(isArn(text)).toBe(one);
  });

  it('keeps its parts through text and back', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '-', '*', '$', '1') });
    void fc.assert(
      fc.property(part, part, part, part, fc.string(), (partition, service, region, account, resource) => {
        const arn = { partition, service, region, account, resource };
        expect(parseArn(formatArn(arn))).toEqual(arn);
      }),
    );
  });
});

describe('the partition of a region', () => {
  it.each([
    ['ap-northeast-2', 'aws'],
    ['us-east-1', 'aws'],
    ['mx-central-1', 'aws'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    // Not in the list, named like its siblings.
    ['eu-north-9', 'aws'],
    ['cn-south-7', 'aws-cn'],
    ['us-gov-central-3', 'aws-us-gov'],
    // Partitions that Leasehold does not deploy to, and no regions at all.
    ['us-iso-east-1', undefined],
    ['us-isob-east-1', undefined],
    ['eusc-de-east-1', undefined],
    ['us-east', undefined],
    ['us-east-1a', undefined],
    ['US-EAST-1', undefined],
    ['us-east-1\n', undefined],
    ['', undefined],
  ])('%j is in %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  it('tells a region it knows from one it only places', () => {
    expect(isKnownRegion('eu-west-1')).toBe(true);
    expect(isKnownRegion('eu-wset-1')).toBe(false);
  });
});
