import { evaluate, explain, nameOf, type PolicyDocuments, type Principal, prepare } from '@leasehold/policy';

const SESSION: Principal = {
  kind: 'session',
  roleArn: 'arn:aws:iam::123456789012:role/hermes/hermes-dev-s3-deploy',
  sessionName: 'l-1',
};

function why(documents: PolicyDocuments, request: object = {}) {
  const asked = {
    action: 's3:PutObject',
    resource: 'arn:aws:s3:::deploy/1.4.2/app.js',
    principal: SESSION,
    context: {},
  };
  return explain(evaluate({ ...asked, ...request }, prepare(documents)));
}

function policy(...statements: object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

describe('why a request is allowed or denied', () => {
  it('names the statement that granted', () => {
    const { sentence } = why({
      identity: [policy({ Sid: 'Upload', Effect: 'Allow', Action: 's3:PutObject', Resource: '*' })],
    });
    expect(sentence).toBe(
      's3:PutObject on arn:aws:s3:::deploy/1.4.2/app.js by session l-1 of arn:aws:iam::123456789012:role/hermes/hermes-dev-s3-deploy is allowed by statement "Upload" of identity policy 1.',
    );
  });

  it('names both sides where one would not have been enough', () => {
    const { sentence } = why(
      {
        identity: [policy({ Effect: 'Allow', Action: 'kms:*', Resource: '*' })],
        resource: policy({ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'kms:*', Resource: '*' }),
      },
      { action: 'kms:Decrypt', resource: 'arn:aws:kms:eu-west-1:123456789012:key/1' },
    );
    expect(sentence).toMatch(/ is allowed by statement 1 of identity policy 1 and statement 1 of resource policy\.$/);
  });

  it('names the deny', () => {
    const { sentence } = why({
      identity: [policy({ Effect: 'Allow', Action: '*', Resource: '*' })],
      scps: [
        [policy({ Effect: 'Allow', Action: '*', Resource: '*' })],
        [policy({ Sid: 'NoS3', Effect: 'Deny', Action: 's3:*', Resource: '*' })],
      ],
    });
    expect(sentence).toMatch(/ is explicitly denied by statement "NoS3" of service control policy 1 of level 2\.$/);
  });

  it('names everything that would have to allow', () => {
    const { sentence } = why({
      identity: [],
      boundary: policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }),
      scps: [[policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' })]],
      scopeDown: [policy({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' })],
    });
    expect(sentence).toMatch(
      / is implicitly denied: no statement allows it in the service control policies of level 1, every scope-down policy, the identity policies and the permissions boundary\.$/,
    );
  });

  it('names the rule of a service', () => {
    const { sentence } = why({}, { action: 'sts:GetCallerIdentity', resource: '*' });
    expect(sentence).toMatch(/ is allowed: sts:GetCallerIdentity needs no permission/);
  });

  it.each<[string, Principal]>([
    ['arn:aws:iam::123456789012:user/a', { kind: 'user', arn: 'arn:aws:iam::123456789012:user/a' }],
    ['the root user of 123456789012', { kind: 'root', account: '123456789012' }],
    ['ec2.amazonaws.com', { kind: 'service', name: 'ec2.amazonaws.com' }],
    [
      'a bearer of a token of cognito-identity.amazonaws.com',
      { kind: 'web-identity', provider: 'cognito-identity.amazonaws.com' },
    ],
    ['an anonymous caller', { kind: 'anonymous' }],
  ])('speaks of %s', (name, principal) => {
    expect(why({}, { principal }).sentence).toContain(`app.js by ${name} is `);
  });
});

describe('why a statement does not match', () => {
  function notes(statement: object, request: object = {}) {
    return why({ identity: [policy({ Effect: 'Allow', Action: '*', Resource: '*', ...statement })] }, request)
      .statements[0];
  }

  it('says so of one that does', () => {
    expect(notes({})).toEqual({
      statement: { kind: 'identity', index: 0, level: undefined, statement: 0, sid: undefined },
      effect: 'Allow',
      matched: true,
      sentence: 'Statement 1 of identity policy 1 (Allow) matches.',
    });
  });

  it('names the action', () => {
    expect(notes({ Action: ['s3:Get*', 's3:ListBucket'] })).toMatchObject({
      matched: false,
      mismatch: { element: 'Action', wanted: ['s3:Get*', 's3:ListBucket'], got: 's3:PutObject' },
      sentence:
        'Statement 1 of identity policy 1 (Allow) does not match: Action is "s3:Get*" and "s3:ListBucket", and the request has "s3:PutObject".',
    });
  });

  it('names NotAction', () => {
    expect(notes({ Action: undefined, NotAction: 's3:*' })?.mismatch).toMatchObject({
      element: 'NotAction',
      wanted: ['s3:*'],
    });
  });

  it('names the resource, and variables without a value', () => {
    expect(notes({ Resource: ['arn:aws:s3:::deploy/${aws:PrincipalTag/param.release}/*'] })).toMatchObject({
      mismatch: {
        element: 'Resource',
        wanted: ['arn:aws:s3:::deploy/${aws:PrincipalTag/param.release}/*'],
        got: 'arn:aws:s3:::deploy/1.4.2/app.js',
        unresolved: ['aws:PrincipalTag/param.release'],
      },
      sentence: expect.stringMatching(/; the request has no value for aws:PrincipalTag\/param\.release\.$/),
    });
  });

  it('names a condition and the value that did not match', () => {
    const condition = { Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': 300 } } };
    expect(notes(condition, { context: { 'aws:MultiFactorAuthAge': '301' } })).toMatchObject({
      mismatch: {
        element: 'Condition',
        operator: 'NumericLessThan',
        key: 'aws:MultiFactorAuthAge',
        wanted: ['300'],
        got: '301',
      },
      sentence: expect.stringMatching(/aws:MultiFactorAuthAge is "301", and NumericLessThan requires "300"\.$/),
    });
  });

  it('names a key that the request does not carry', () => {
    const note = notes({ Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } });
    expect(note?.mismatch).not.toHaveProperty('got');
    expect(note?.sentence).toMatch(/aws:MultiFactorAuthPresent is not in the request, and Bool requires "true"\.$/);
  });

  it('admits where AWS does not say', () => {
    const note = notes(
      { Condition: { StringEquals: { 'aws:TagKeys': 'a' } } },
      { context: { 'aws:TagKeys': ['a', 'b'] } },
    );
    expect(note?.mismatch).toMatchObject({ got: ['a', 'b'], unsure: true });
    expect(note?.sentence).toMatch(/; AWS does not document whether that matches\.$/);
  });

  it('names the principal', () => {
    const resource = policy({
      Effect: 'Allow',
      Principal: { AWS: '444455556666', Service: 'ec2.amazonaws.com' },
      Action: 's3:*',
    });
    expect(why({ resource }).statements[0]?.mismatch).toMatchObject({
      element: 'Principal',
      wanted: ['444455556666', 'Service ec2.amazonaws.com'],
    });
  });

  it('shortens long lists', () => {
    const note = notes({ Action: ['s3:A', 's3:B', 's3:C', 's3:D', 's3:E', 's3:F'] });
    expect(note?.sentence).toContain('Action is "s3:A", "s3:B", "s3:C", "s3:D" or 2 more');
    expect(note?.mismatch?.wanted).toHaveLength(6);
  });

  it('goes through every statement of every policy that bears on the caller', () => {
    const { statements } = why({
      identity: [
        policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }, { Effect: 'Deny', Action: 'iam:*', Resource: '*' }),
      ],
      boundary: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
      session: [policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })],
      rcps: [[policy({ Effect: 'Deny', Principal: '*', Action: 's3:Delete*', Resource: '*' })]],
    });
    expect(statements.map(({ statement, matched }) => [nameOf(statement), statement.statement, matched])).toEqual([
      ['resource control policy 1 of level 1', 0, false],
      ['identity policy 1', 0, true],
      ['identity policy 1', 1, false],
      ['permissions boundary', 0, true],
      ['session policy 1', 0, true],
    ]);
  });
});
