import { compare, type PolicyDocument, parseArn } from '@leasehold/policy';

const allow = (Action: string | string[], Resource: string): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource }],
});

/** Services of which the ARNs have another name than the actions. */
const OF_ARN: Readonly<Record<string, string>> = { sts: 'iam' };

describe('without the catalogue a witness is a request that can occur', () => {
  test.each([
    ['arn:aws:s3:::deploy/*', 's3:GetObject'],
    ['arn:aws:iam::*:user/*', 'iam:CreateUser'],
    ['arn:aws:kms:*:*:key/*', 'kms:Decrypt'],
    ['arn:aws:sqs:*:*:jobs', 'sqs:SendMessage'],
    ['arn:aws:iam::*:role/*', 'sts:AssumeRole'],
    ['arn:aws:dynamodb:*:*:table/t', 'dynamodb:GetItem'],
    ['*', 'iam:CreateUser'],
  ])('every action on %s', (resource, action) => {
    const answer = compare(allow('sns:Publish', '*'), allow('*', resource));
    if (answer.kind !== 'widened') throw new Error(answer.kind);
    const { witness } = answer;
    expect(witness.action).toBe(action);
    const service = witness.action.split(':')[0] ?? '';
    expect(parseArn(witness.resource)?.service).toBe(OF_ARN[service] ?? service);
  });

  test.each(['sqs:*', 'sqs:PurgeQueue', 'robots:Turn'])('%s on every resource', (action) => {
    const answer = compare(allow('sns:Publish', '*'), allow(action, '*'));
    if (answer.kind !== 'widened') throw new Error(answer.kind);
    expect(parseArn(answer.witness.resource)?.service).toBe(action.split(':')[0]);
  });
});
