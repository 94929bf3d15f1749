import { evaluate, PolicyError, type PolicyKind, parsePolicy } from '@leasehold/policy';

const STATEMENT = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' };

function fault(document: unknown, kind: PolicyKind = 'identity'): PolicyError {
  try {
    parsePolicy(document, kind);
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
  throw new Error('the policy was accepted');
}

describe('a policy that AWS would refuse', () => {
  it('is an error that names place, value, expectation and the page with the rule', () => {
    const error = fault({ Version: '2012-10-17', Statement: [STATEMENT, { ...STATEMENT, Effect: 'allow' }] });
    expect(error).toMatchObject({
      name: 'PolicyError',
      code: 'bad-effect',
      source: 'policy',
      path: '/Statement/1/Effect',
      got: '"allow"',
      expected: '"Allow" or "Deny"',
      rule: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_effect.html',
      message: 'policy /Statement/1/Effect: got "allow", expected "Allow" or "Deny"',
    });
  });

  it('keeps what the JSON parser said', () => {
    expect(fault('{').cause).toBeInstanceOf(SyntaxError);
  });

  it('shows a long value in short', () => {
    expect(fault({ Version: '2012-10-17', Statement: { ...STATEMENT, Action: 'x'.repeat(10_000) } }).got).toHaveLength(
      120,
    );
  });

  it.each([
    [undefined],
    [null],
    [7],
    [true],
    [Symbol('policy')],
    [() => STATEMENT],
    [new Map()],
    [Object.create(null)],
  ])('is an error for %p', (document) => {
    expect(fault(document).source).toBe('policy');
  });

  it('is an error for an object that refers to itself', () => {
    const circle: Record<string, unknown> = {};
    circle.Statement = { Effect: circle };
    expect(fault(circle)).toMatchObject({ path: '/Statement/Effect' });
  });

  it('cannot hide an element behind the prototype', () => {
    const text =
      '{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","__proto__":{"Effect":"Allow"}}}';
    expect(fault(text)).toMatchObject({ code: 'unknown-element', path: '/Statement/__proto__' });
  });

  it('is refused in text nested a hundred thousand deep', () => {
    expect(fault(`{"Statement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`).source).toBe('policy');
  });
});

describe('a policy that AWS accepts', () => {
  it('is immutable, and apart from the document it was read from', () => {
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: ['s3:*'], Resource: ['*'] }] };
    const policy = parsePolicy(document, 'identity');
    document.Statement = [];
    const verdict = evaluate(
      {
        action: 's3:GetObject',
        resource: 'arn:aws:s3:::a/b',
        principal: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/alice' },
        context: {},
      },
      { identity: [policy] },
    );
    expect(verdict.outcome).toBe('explicitly denied');
    expect(Object.isFrozen(policy)).toBe(true);
  });

  it('reads as text as it reads as a value', () => {
    const document = { Version: '2012-10-17', Statement: [STATEMENT] };
    const shape = ({ statements, version }: ReturnType<typeof parsePolicy>) =>
      JSON.stringify([version, statements.map(({ action, sid }) => [action.patterns, sid])]);
    expect(shape(parsePolicy(JSON.stringify(document), 'identity'))).toBe(shape(parsePolicy(document, 'identity')));
  });

  it('may have actions with every character that action names have', () => {
    const Action = [
      's3-object-lambda:GetObject',
      'elasticloadbalancing:Describe*',
      'sts:AssumeRole',
      'rds-db:connect',
      '*:*',
    ];
    expect(() => parsePolicy({ Version: '2012-10-17', Statement: { ...STATEMENT, Action } }, 'identity')).not.toThrow();
  });
});
