import { type Catalogue, compileGlob, loadCatalogue } from '@leasehold/policy';
import * as fc from 'fast-check';
import { arnFormat, overlaps, resourcePattern } from '../../lib/policy/arn-overlap';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue(['s3', 'dynamodb', 'ec2', 'logs', 'iam', 'lambda', 'secretsmanager', 'apigateway']);
});

describe('whether an action accepts a resource', () => {
  it.each<[action: string, resource: string, accepts: boolean]>([
    ['s3:GetObject', 'arn:aws:s3:::bucket/key', true],
    ['s3:GetObject', 'arn:aws:s3:::bucket/a/b/c', true],
    ['s3:GetObject', 'arn:aws:s3:::bucket/*', true],
    ['s3:GetObject', 'arn:aws:s3:::bucket', false],
    ['s3:GetObject', 'arn:aws:s3:::bucket/', false],
    ['s3:GetObject', 'arn:aws:s3:::bucket*', true],
    ['s3:GetObject', 'arn:aws:s3:::bucke?', false],
    ['s3:GetObject', 'arn:aws:s3:::bucket/${param.release}/*', true],
    ['s3:GetObject', 'arn:aws:s3:::${aws:PrincipalTag/bucket}', true],
    ['s3:GetObject', 'arn:aws:s3:::${*}', false],
    ['s3:GetObject', 'arn:aws:s3:::b/${*}', true],
    ['s3:GetObject', 'arn:aws:s3:*', true],
    ['s3:GetObject', 'arn:*', true],
    // A star that ends a part goes past the colon.
    ['s3:GetObject', 'arn:aws:s3:*:bucket/key', true],
    ['s3:GetObject', 'arn:aws:s*:::bucket/key', true],
    ['s3:GetObject', 'arn:*:*:*:*:*', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-*:table/orders', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:${aws:RequestedRegion}:123456789012:table/orders', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:${aws:RequestedRegion}:123456789012:stream/orders', false],
    ['dynamodb:PutItem', 'arn:aws:s*:eu-west-1:123456789012:table/orders', false],
    ['s3:GetObject', '*', true],
    ['s3:GetObject', 'arn:aws:s3:eu-west-1:123456789012:accesspoint/a/object/k', true],
    ['s3:GetObject', 'arn:aws:s3:eu-west-1:123456789012:accesspoint/a', false],
    ['s3:GetObject', 'bucket/key', false],
    ['s3:GetObject', '', false],
    ['s3:ListBucket', 'arn:aws:s3:::bucket', true],
    ['s3:ListBucket', 'arn:aws:s3:::bucket/*', false],
    ['s3:ListBucket', 'arn:aws:s3:::*', true],
    ['s3:ListAllMyBuckets', 'arn:aws:s3:::*', false],
    ['s3:ListAllMyBuckets', '*', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-day', false],
    ['dynamodb:Query', 'arn:aws:dynamodb:eu-west-1:123456789012:table/orders/index/by-day', true],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:::table/orders', false],
    ['dynamodb:PutItem', 'arn:aws:dynamodb:*:*:table/*', true],
    ['dynamodb:PutItem', 'arn:aws:sqs:eu-west-1:123456789012:orders', false],
    ['ec2:StartInstances', 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc', true],
    ['ec2:StartInstances', 'arn:aws:ec2:eu-west-1:123456789012:volume/vol-0abc', false],
    ['ec2:DescribeInstances', 'arn:aws:ec2:eu-west-1:123456789012:instance/i-0abc', false],
    ['logs:FilterLogEvents', 'arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x:*', true],
    ['lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:123456789012:function:x', true],
    ['lambda:InvokeFunction', 'arn:aws:lambda:eu-west-1:123456789012:function:x:live', true],
    ['iam:GetRole', 'arn:aws:iam::123456789012:role/agents/deep/x', true],
    ['iam:GetRole', 'arn:aws:iam::123456789012:user/x', false],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-a1b2c3', true],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:123456789012:db', false],
    ['secretsmanager:GetSecretValue', 'arn:${param.partition}:secretsmanager:eu-west-1:1:secret:x', true],
  ])('%s on %j: %s', (id, resource, accepts) => {
    const action = catalogue.action(id);
    expect(action && catalogue.acceptsResource(action, resource)).toBe(accepts);
  });

  it('names the resource types that a pattern may meet', () => {
    expect(catalogue.resourceTypesAccepting('arn:aws:s3:::bucket', 's3')).toEqual(['bucket']);
    expect(catalogue.resourceTypesAccepting('arn:aws:s3:::bucket/x', 'S3')).toEqual(['object']);
    expect(catalogue.resourceTypesAccepting('arn:aws:s3:::bucket*', 's3')).toEqual(['bucket', 'object']);
    expect(catalogue.resourceTypesAccepting('arn:aws:s3:::bucket', 'ec2')).toEqual([]);
    expect(catalogue.resourceTypesAccepting('arn:aws:s3:::bucket', 'sqs')).toEqual([]);
  });
});

describe('laws of overlap', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 4 });

  it('two patterns overlap exactly when some text matches both', () => {
    const texts = everyText('ab', 8);
    void fc.assert(
      fc.property(pattern, pattern, (a, b) => {
        const [matchesA, matchesB] = [compileGlob(a), compileGlob(b)];
        const shared = texts.some((text) => matchesA(text) && matchesB(text));
        expect(overlaps(resourcePattern(a), resourcePattern(b))).toBe(shared);
        expect(overlaps(resourcePattern(b), resourcePattern(a))).toBe(shared);
      }),
      { numRuns: 500 },
    );
  });

  it('a format overlaps a pattern exactly when a filled format matches it', () => {
    const format = arnFormat('arn:p:s3:r:c:${BucketName}/${ObjectName}', 's3');
    const names = everyText('ab', 3).filter((name) => name !== '');
    const keys = everyText('ab/', 3).filter((key) => key !== '');
    const filled = names.flatMap((name) => keys.map((key) => `arn:p:s3:r:c:${name}/${key}`));
    const rest = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/'), maxLength: 4 });
    void fc.assert(
      fc.property(rest, (text) => {
        const resource = `arn:p:s3:r:c:${text}`;
        const matches = compileGlob(resource);
        expect(overlaps(format, resourcePattern(resource))).toBe(filled.some(matches));
      }),
      { numRuns: 500 },
    );
  });
});

function everyText(letters: string, longest: number): string[] {
  let texts = [''];
  const all = [...texts];
  for (let length = 1; length <= longest; length++) {
    texts = texts.flatMap((text) => letters.split('').map((letter) => text + letter));
    all.push(...texts);
  }
  return all;
}
