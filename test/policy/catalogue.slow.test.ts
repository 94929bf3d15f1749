import {
  type Catalogue,
  compileActionPattern,
  loadCatalogue,
  loadCatalogueFor,
  loadWholeCatalogue,
} from '@leasehold/policy';
import * as fc from 'fast-check';

let whole: Catalogue;
let few: Catalogue;

beforeAll(async () => {
  whole = await loadWholeCatalogue();
  few = await loadCatalogue(['S3', 'sts', 'dynamodb', 'no-such-service', 'No-Such-Service', '../package']);
});

const ids = (catalogue: Catalogue, pattern: string): string[] => catalogue.expand(pattern).map(({ id }) => id);

describe('the whole catalogue', () => {
  it.each([
    ['*', 22_091],
    ['ec2:Describe*', 194],
    ['ec2:Get*', 79],
    ['s3:Get*', 63],
    ['iam:Get*', 34],
    ['iam:List*', 38],
    ['ssm:Get*', 30],
  ])('%s stands for %i actions', (pattern, count) => {
    expect(whole.expand(pattern)).toHaveLength(count);
  });

  it('has 456 services and no unknown one', () => {
    expect(whole.services()).toHaveLength(456);
    expect(whole.unknownServices()).toEqual([]);
  });

  it('splits composite levels', () => {
    const counts = new Map<string, number>();
    for (const { levels } of whole.expand('*')) {
      counts.set(levels.join(' + '), (counts.get(levels.join(' + ')) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({
      Read: 5871,
      List: 3719,
      Write: 11_357,
      'Tagging + Write': 719,
      'Permissions management + Write': 425,
    });
  });

  it('knows every resource type that an action names', () => {
    const orphans = whole
      .expand('*')
      .filter(({ resourceTypes }) => resourceTypes.some(({ arns }) => arns.length === 0));
    expect(orphans.map(({ id }) => id)).toEqual([]);
  });

  it('accepts its own ARN formats', () => {
    const refused = whole
      .expand('*')
      .flatMap((action) => action.resourceTypes.flatMap(({ arns }) => arns.map((arn) => ({ action, arn }))))
      .filter(({ action, arn }) => !whole.acceptsResource(action, arn))
      .map(({ action, arn }) => `${action.id} ${arn}`);
    expect(refused).toEqual([]);
  });
});

describe('a catalogue of named services', () => {
  it('holds those alone, in either case', () => {
    expect(few.services()).toEqual(['dynamodb', 's3', 'sts']);
    expect(few.hasService('S3')).toBe(true);
    expect(few.hasService('ec2')).toBe(false);
    expect(few.action('ec2:RunInstances')).toBeUndefined();
    expect(few.expand('ec2:*')).toEqual([]);
    expect(new Set(few.expand('*').map(({ service }) => service))).toEqual(new Set(['dynamodb', 's3', 'sts']));
  });

  it('reports what AWS does not list, and reads no file for it', () => {
    expect(few.unknownServices()).toEqual(['../package', 'no-such-service']);
    expect(few.hasService('no-such-service')).toBe(false);
  });

  it('holds nothing when nothing is named', async () => {
    const none = await loadCatalogue([]);
    expect([none.services(), none.expand('*'), none.action('s3:GetObject')]).toEqual([[], [], undefined]);
  });

  it('is told nothing by the names of every object', () => {
    for (const id of ['constructor', 's3:constructor', 's3:__proto__', '__proto__:x', ':', 's3:', '']) {
      expect(few.action(id)).toBeUndefined();
      expect(few.expand(id)).toEqual([]);
    }
  });
});

describe('an action', () => {
  it('is found in either case and named in its own', () => {
    expect(few.action('S3:putobject')).toMatchObject({
      id: 's3:PutObject',
      service: 's3',
      name: 'PutObject',
      levels: ['Write'],
      scopable: true,
    });
    expect(few.action('s3:PutObject')?.resourceTypes).toContainEqual(
      expect.objectContaining({ name: 'object', arns: ['arn:${Partition}:s3:::${BucketName}/${ObjectName}'] }),
    );
  });

  it('is not scopable when AWS gives it no resource type', () => {
    expect(few.action('s3:ListAllMyBuckets')?.scopable).toBe(false);
    expect(few.action('dynamodb:ListTables')?.scopable).toBe(false);
    expect(few.action('dynamodb:GetItem')?.scopable).toBe(true);
  });

  it('cannot be changed by who looks it up', () => {
    const [action] = few.expand('s3:PutObject');
    expect(Object.isFrozen(action)).toBe(true);
    expect(Object.isFrozen(action?.levels)).toBe(true);
    expect(Object.isFrozen(action?.resourceTypes[0]?.conditionKeys)).toBe(true);
    expect(() => (few.expand('s3:Get*') as unknown[]).pop()).toThrow(TypeError);
  });
});

describe('expansion', () => {
  it('takes wildcards in the name and either case', () => {
    expect(ids(few, 'S3:get?bject')).toEqual(['s3:GetObject']);
    expect(ids(few, 'sts:*role')).toEqual(['sts:AssumeRole']);
    expect(ids(few, 's3:GetObject')).toEqual(['s3:GetObject']);
    expect(ids(few, 's3:GetObjcet')).toEqual([]);
  });

  // IAM refuses such a pattern; a service of every name is only in `*`.
  it.each(['*:GetObject', 's?:GetObject', '**', 'GetObject'])('%s is no pattern', (pattern) => {
    expect(few.expand(pattern)).toEqual([]);
  });

  it('is sorted by id', () => {
    const all = ids(whole, '*');
    expect(all).toEqual([...all].sort());
  });

  it('agrees with filtering by the pattern', () => {
    const name = fc
      .array(fc.constantFrom('*', '?', 'Get', 'get', 'Put', 'Object', 'Bucket', 'Item', 'e', 'T'), {
        minLength: 1,
        maxLength: 5,
      })
      .map((parts) => parts.join(''));
    void fc.assert(
      fc.property(fc.constantFrom('s3', 'dynamodb', 'STS'), name, (service, rest) => {
        const pattern = `${service}:${rest}`;
        expect(ids(few, pattern)).toEqual(ids(few, '*').filter(compileActionPattern(pattern)));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a suggestion', () => {
  it.each([
    ['s3:PutObjct', 's3:PutObject'],
    ['s3:getobjects', 's3:GetObject'],
    ['dynamodb:ListTable', 'dynamodb:ListTables'],
    // The service is misspelt, the name is not.
    ['dynamo:GetItem', 'dynamodb:GetItem'],
    ['s4:PutObject', 's3:PutObject'],
    ['GetObject', 's3:GetObject'],
    // The API operation has another name than the action.
    ['s3:HeadObject', 's3:GetObject'],
    ['s3:ListObjectsV2', 's3:ListBucket'],
    ['S3:listbuckets', 's3:ListAllMyBuckets'],
    ['s3:Quux', undefined],
    ['', undefined],
  ])('for %j is %s', (id, suggestion) => {
    expect(few.nearestAction(id)).toBe(suggestion);
  });

  it.each([
    ['dynamdb', 'dynamodb'],
    ['cloudwach', 'cloudwatch'],
    ['s3', 's3'],
    ['zzzzzzzzzzzz', undefined],
  ])('for the service %s is %s', (prefix, suggestion) => {
    expect(few.nearestService(prefix)).toBe(suggestion);
  });

  it('suggests only what exists', () => {
    void fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const suggestion = whole.nearestAction(text);
        expect(suggestion === undefined || whole.action(suggestion)?.id === suggestion).toBe(true);
      }),
    );
  });
});

describe('the catalogue for some patterns', () => {
  it.each<[patterns: readonly string[], services: number]>([
    [[], 0],
    [['s3:GetObject', 'S3:*', 'sts:AssumeRole'], 2],
    [['s3:GetObject', '*'], 456],
    [['*:Get*'], 456],
    [['not an action'], 456],
  ])('%j: %i services', async (patterns, services) => {
    expect((await loadCatalogueFor(patterns)).services()).toHaveLength(services);
  });
});
