import {
  type Catalogue,
  type GainOptions,
  gainedActions,
  loadCatalogue,
  type Permissions,
  type PolicyDocument,
  PolicyError,
  type Statement,
} from '@leasehold/policy';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(['s3', 'sqs', 'sts', 'iam']);
});

const toDocument = (...list: readonly Statement[]): PolicyDocument => ({ Version: '2012-10-17', Statement: list });
const allow = (Action: Statement['Action'], Resource: Statement['Resource'] = '*', more = {}): Statement =>
  ({ Effect: 'Allow', Action, Resource, ...more }) as Statement;
const deny = (Action: Statement['Action'], Resource: Statement['Resource'] = '*'): Statement =>
  ({ Effect: 'Deny', Action, Resource }) as Statement;
const gains = (before: Permissions, after: Permissions, options: Omit<GainOptions, 'catalogue'> = {}) =>
  gainedActions(before, after, { catalogue, ...options });
/** Actions and where they are gained. */
const list = (...of: Parameters<typeof gains>) =>
  Object.fromEntries(gains(...of).gained.map(({ action, resources }) => [action, resources]));

const READ = allow('s3:GetObject', 'arn:aws:s3:::a/*');
const OWN = { resourcePolicies: 'ignore' } as const;

describe('what a change gains', () => {
  test.each<{ what: string; before: Permissions; after: Permissions; gained: Record<string, readonly string[]> }>([
    { what: 'nothing', before: toDocument(READ), after: toDocument(READ, READ), gained: {} },
    {
      what: 'an action more',
      before: toDocument(READ),
      after: toDocument(READ, allow('s3:DeleteObject', 'arn:aws:s3:::a/*')),
      gained: { 's3:DeleteObject': ['arn:aws:s3:::a/*'] },
    },
    {
      what: 'a resource more, apart from those that were permitted already',
      before: toDocument(READ),
      after: toDocument(allow('s3:GetObject', ['arn:aws:s3:::a/*', 'arn:aws:s3:::a/b*', 'arn:aws:s3:::c/*'])),
      gained: { 's3:GetObject': ['arn:aws:s3:::c/*'] },
    },
    {
      what: 'a condition less',
      before: toDocument({ ...READ, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }),
      after: toDocument(READ),
      gained: { 's3:GetObject': ['arn:aws:s3:::a/*'] },
    },
    {
      what: 'a deny less',
      before: toDocument(allow('sqs:*'), deny(['sqs:DeleteQueue', 'sqs:PurgeQueue'])),
      after: toDocument(allow('sqs:*'), deny('sqs:DeleteQueue')),
      gained: { 'sqs:PurgeQueue': ['*'] },
    },
    {
      what: 'a deny less of what only the policy of a resource may allow',
      before: toDocument(READ, deny('sqs:DeleteQueue', 'arn:aws:sqs:*:*:jobs')),
      after: toDocument(READ),
      gained: { 'sqs:DeleteQueue': ['arn:aws:sqs:*:*:jobs'] },
    },
    {
      what: 'each statement for itself',
      before: toDocument(READ),
      after: toDocument(READ, allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::b/*'), allow('s3:PutObject')),
      gained: { 's3:GetObject': ['arn:aws:s3:::b/*'], 's3:PutObject': ['*', 'arn:aws:s3:::b/*'] },
    },
    {
      what: 'services that AWS does not list, as they are written',
      before: toDocument(READ),
      after: toDocument(READ, allow(['robots:*', 'Mills:Turn'], 'arn:aws:robots:::r')),
      gained: { 'Mills:Turn': ['arn:aws:robots:::r'], 'robots:*': ['arn:aws:robots:::r'] },
    },
    {
      what: 'no resource where none of the patterns is one of the action',
      before: toDocument(READ),
      after: toDocument(READ, allow('s3:ListAllMyBuckets', 'arn:aws:s3:::a/*')),
      gained: { 's3:ListAllMyBuckets': [] },
    },
  ])('$what', ({ before, after, gained }) => {
    expect(list(before, after)).toEqual(gained);
    expect(gains(before, after).undecided).toEqual([]);
  });

  test('a wildcard is listed action by action, each with a request that shows it', () => {
    const { gained, undecided } = gains(toDocument(READ), toDocument(READ, allow('sqs:*', 'arn:aws:sqs:*:*:jobs')));
    expect(gained.map(({ action }) => action)).toEqual(catalogue.expand('sqs:*').map(({ id }) => id));
    for (const { action, witness } of gained) expect(witness).toContain(`${action} on `);
    expect(undecided).toEqual([]);
  });

  test('NotAction and NotResource are listed, too', () => {
    const before = toDocument(allow('s3:*'), allow('iam:*'), allow('sts:*'));
    const after = toDocument({
      Effect: 'Allow',
      NotAction: ['s3:*', 'iam:*', 'sts:*', 'sqs:P*', 'sqs:S*', 'sqs:C*', 'sqs:D*', 'sqs:L*', 'sqs:R*', 'sqs:T*'],
      NotResource: 'arn:aws:sqs:*:*:secret',
    } as Statement);
    const gained = list(before, after);
    expect(Object.keys(gained)).toContain('sqs:GetQueueUrl');
    expect(Object.keys(gained)).not.toContain('sqs:SendMessage');
    expect(gained['sqs:GetQueueUrl']).toEqual(['*']);
  });

  test('what is lost is asked with the sides exchanged', () => {
    const [before, after] = [toDocument(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::a/*')), toDocument(READ)];
    expect(list(before, after)).toEqual({});
    expect(list(after, before)).toEqual({ 's3:PutObject': ['arn:aws:s3:::a/*'] });
  });

  test('a boundary that is dropped frees what the policy says beyond it', () => {
    const identity = [toDocument(allow(['s3:GetObject', 'sqs:SendMessage']))];
    const boundary = toDocument(allow('s3:*'));
    expect(list({ identity, boundary }, { identity }, OWN)).toEqual({ 'sqs:SendMessage': ['*'] });
    // What policies of resources grant beyond it is freed, too, and more than the lists can tell.
    const counted = gains({ identity, boundary }, { identity });
    expect(counted.gained.map(({ action }) => action)).toEqual(expect.arrayContaining(['sqs:DeleteQueue']));
    expect(counted.undecided.map(({ action }) => action)).toContain('*');
  });

  test('a deny that only changes its version, so that a variable turns into text, is dropped', () => {
    const own = deny('sqs:DeleteQueue', 'arn:aws:sqs:*:*:${aws:username}');
    const before = toDocument(READ, own);
    const after = { identity: [toDocument(READ), { Version: '2008-10-17', Statement: [own] }] };
    expect(list(before, after)).toEqual({ 'sqs:DeleteQueue': ['arn:aws:sqs:*:*:${aws:username}'] });
  });

  test('a bucket policy and a trust policy', () => {
    const principal = (AWS: string) => ({ Principal: { AWS } });
    const bucket = (...AWS: string[]) => ({
      resource: toDocument(...AWS.map((name) => allow('s3:GetObject', 'arn:aws:s3:::a/*', principal(name)))),
    });
    expect(list(bucket('111122223333'), bucket('111122223333', '444455556666'))).toEqual({
      's3:GetObject': ['arn:aws:s3:::a/*'],
    });
    const { Resource: _, ...assume } = allow('sts:AssumeRole', '*', principal('arn:aws:iam::111122223333:user/u'));
    const trust = toDocument(assume as Statement);
    const open = toDocument({ ...assume, ...principal('111122223333') } as Statement);
    expect(list({ trust }, { trust: open })).toEqual({ 'sts:AssumeRole': ['*'] });
  });
});

describe('what is not decided is said', () => {
  test('actions to come', () => {
    const today = toDocument(allow(catalogue.expand('sqs:*').map(({ id }) => id)));
    const all = toDocument(allow('sqs:*'));
    expect(gains(today, all)).toEqual({ gained: [], undecided: [{ action: 'sqs:*', why: expect.any(String) }] });
    expect(gains(today, all, { newActions: 'ignore' })).toEqual({ gained: [], undecided: [] });
  });

  test('a comparison that takes too many steps', () => {
    const { gained, undecided } = gains(toDocument(READ), toDocument(allow('s3:GetObject')), { steps: 1 });
    expect(gained).toEqual([]);
    expect(undecided).toEqual([{ action: 's3:GetObject', why: expect.stringContaining('step limit') }]);
  });

  test.each([10, 20, 40])('patterns with many wildcards for one character, after a star: %i', (count) => {
    const any = '?'.repeat(count);
    const before = toDocument(allow('s3:*', [`arn:aws:s3:::*a${any}`, `arn:aws:s3:::*b${any}c*`]));
    const after = toDocument(allow('s3:*', `arn:aws:s3:::*${any}d${any}*`));
    const { gained, undecided } = gains(before, after);
    expect(gained).toEqual([]);
    const actions = catalogue.expand('s3:*').map(({ id }) => id);
    expect(undecided.map(({ action }) => action)).toEqual(expect.arrayContaining([...actions, 's3:*']));
    expect(undecided[0]?.why).toContain('step limit');
  });

  test('a spaced action leaves everything undecided', () => {
    const spaced = toDocument(READ, allow('s3:PutObject ', 'arn:aws:s3:::a/*'));
    expect(gains(toDocument(READ), spaced).undecided).toEqual([{ action: '*', why: expect.stringContaining('space') }]);
  });

  test('sides that cannot be compared', () => {
    const bucket = { resource: toDocument(allow('s3:*', 'arn:aws:s3:::a/*', { Principal: '*' })) };
    expect(gains(toDocument(READ), bucket)).toEqual({
      gained: [],
      undecided: [{ action: '*', why: expect.stringContaining('policy') }],
    });
  });

  test('a malformed policy is an error', () => {
    const broken = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3' }] } as never;
    expect(() => gains(toDocument(READ), broken)).toThrow(PolicyError);
  });
});
