import { type Catalogue, loadCatalogue, loadWholeCatalogue } from '@leasehold/policy';

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadCatalogue(['s3', 'sts', 'iam', 'dynamodb', 'ec2', 'kms']);
});

const lookUp = (key: string, id?: string) => catalogue.conditionKey(key, id === undefined ? undefined : action(id));

function action(id: string) {
  const found = catalogue.action(id);
  if (found === undefined) throw new Error(`${id} is not in the catalogue`);
  return found;
}

describe('a condition key', () => {
  it.each<[key: string, action: string, canonical: string]>([
    // Global keys are in every request.
    ['aws:SourceIp', 's3:GetObject', 'aws:SourceIp'],
    ['AWS:sourceip', 's3:GetObject', 'aws:SourceIp'],
    ['aws:PrincipalTag/param.release', 's3:GetObject', 'aws:PrincipalTag/${TagKey}'],
    ['aws:MultiFactorAuthPresent', 'sts:AssumeRole', 'aws:MultiFactorAuthPresent'],
    ['aws:TokenIssueTime', 'sts:AssumeRole', 'aws:TokenIssueTime'],
    // Keys of the action.
    ['s3:prefix', 's3:ListBucket', 's3:prefix'],
    ['s3:ExistingObjectTag/class', 's3:GetObject', 's3:ExistingObjectTag/<key>'],
    ['s3:RequestObjectTag/class', 's3:PutObject', 's3:RequestObjectTag/<key>'],
    ['dynamodb:LeadingKeys', 'dynamodb:GetItem', 'dynamodb:LeadingKeys'],
    ['kms:EncryptionContext:app', 'kms:Decrypt', 'kms:EncryptionContext:${EncryptionContextKey}'],
    ['sts:ExternalId', 'sts:AssumeRole', 'sts:ExternalId'],
    // The tag keys, where the action or its resource has tags.
    ['aws:RequestTag/reason', 'sts:AssumeRole', 'aws:RequestTag/${TagKey}'],
    ['aws:TagKeys', 'sts:AssumeRole', 'aws:TagKeys'],
    ['aws:ResourceTag/team', 'ec2:StartInstances', 'aws:ResourceTag/${TagKey}'],
    // A key of the resource type alone.
    ['s3:BucketTag/team', 's3:GetObject', 's3:BucketTag/${TagKey}'],
    // A key that the service borrows.
    ['iam:ResourceTag/team', 'sts:AssumeRole', 'iam:ResourceTag/${TagKey}'],
  ])('%s applies to %s', (key, id, canonical) => {
    expect(lookUp(key, id)).toMatchObject({ known: true, applies: true, info: { key: canonical } });
  });

  it.each<[key: string, action: string, nearest: string | undefined]>([
    ['s3:prefix', 's3:GetObject', undefined],
    // DynamoDB's own trap: Scan carries no leading keys.
    ['dynamodb:LeadingKeys', 'dynamodb:Scan', undefined],
    ['aws:RequestTag/team', 'ec2:StartInstances', 'aws:ResourceTag/team'],
    ['aws:ResourceTag/team', 'ec2:DescribeInstances', undefined],
    ['aws:TagKeys', 's3:GetObject', undefined],
    ['ec2:InstanceType', 's3:GetObject', undefined],
    ['kms:ViaService', 's3:GetObject', undefined],
  ])('%s is known and does not apply to %s', (key, id, nearest) => {
    const found = lookUp(key, id);
    expect(found).toMatchObject({ known: true, applies: false });
    expect(found.known && !found.applies ? found.nearest : 'no').toBe(nearest);
  });

  it.each<[key: string, action: string | undefined, nearest: string | undefined]>([
    ['aws:SourceIP4', 's3:GetObject', 'aws:SourceIp'],
    ['aws:PrincipleTag/param.release', 's3:GetObject', 'aws:PrincipalTag/param.release'],
    ['s3:ExistingObjectTags/class', 's3:GetObject', 's3:ExistingObjectTag/class'],
    ['s3:prefx', 's3:ListBucket', 's3:prefix'],
    ['prefix', 's3:ListBucket', 's3:prefix'],
    ['SourceIp', 's3:GetObject', 'aws:SourceIp'],
    ['dynamodb:LeadingKey', undefined, 'dynamodb:LeadingKeys'],
    ['aws:PrincipalTag/', 's3:GetObject', undefined],
    ['quux:Quux', 's3:GetObject', undefined],
    ['', undefined, undefined],
  ])('%j on %s is unknown; the nearest is %s', (key, id, nearest) => {
    expect(lookUp(key, id)).toEqual(nearest === undefined ? { known: false } : { known: false, nearest });
  });

  it('applies when no action is named', () => {
    expect(lookUp('s3:prefix')).toMatchObject({ known: true, applies: true });
  });

  it('is unknown when its service is not loaded', () => {
    expect(lookUp('lambda:FunctionArn')).toMatchObject({ known: false });
  });

  it('has a type, and one value or several', () => {
    const info = (key: string) => {
      const found = lookUp(key);
      return found.known ? [found.info.type, found.info.multivalued, found.info.global] : undefined;
    };
    expect(info('aws:SourceIp')).toEqual(['IPAddress', false, true]);
    expect(info('aws:TagKeys')).toEqual(['String', true, true]);
    expect(info('aws:MultiFactorAuthAge')).toEqual(['Numeric', false, true]);
    expect(info('dynamodb:LeadingKeys')).toEqual(['String', true, false]);
    expect(info('aws:PrincipalServiceNamesList')).toEqual(['String', true, true]);
    expect(info('aws:PrincipalArn')).toEqual(['ARN', false, true]);
  });

  it('of an action is always known, in the whole reference', async () => {
    const whole = await loadWholeCatalogue();
    const lost = whole
      .expand('*')
      .flatMap((one) => one.conditionKeys.map((key) => ({ one, key })))
      .filter(({ one, key }) => {
        const found = whole.conditionKey(key, one);
        return !found.known || !found.applies;
      })
      .map(({ one, key }) => `${one.id} ${key}`);
    expect(lost).toEqual([]);
  });
});
