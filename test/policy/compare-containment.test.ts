import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Catalogue,
  compare,
  insideBoundary,
  insideEnvelope,
  loadCatalogue,
  type PolicyDocument,
  PolicyError,
  type Statement,
} from '@leasehold/policy';

/** A document as it is deployed. */
function golden<T = PolicyDocument>(name: string): T {
  return JSON.parse(readFileSync(join(__dirname, '../documents/golden', `${name}.json`), 'utf8')) as T;
}

function statements(document: PolicyDocument): readonly Statement[] {
  return [document.Statement].flat();
}

function toDocument(list: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: list };
}

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadCatalogue(['s3', 'sts', 'iam']);
});

describe('a policy inside a boundary', () => {
  const roleBoundary = golden('boundary-of-every-role');
  const agentBoundary = golden('boundary-of-an-agent-with-three-roles');
  const ask = golden<readonly PolicyDocument[]>('ask-for-three-roles');

  test('a purpose role lies inside the boundary of every role', () => {
    const policy = golden('permissions-with-a-parameter');
    expect(insideBoundary(policy, roleBoundary, { catalogue })).toEqual({ kind: 'inside' });
  });

  test('the asking lies inside the boundary of the agent', () => {
    expect(insideBoundary(ask, agentBoundary, { catalogue })).toEqual({ kind: 'inside' });
  });

  test.each([
    { what: 'a role that may pass roles', boundary: roleBoundary, action: 'iam:PassRole', resource: '*' },
    { what: 'a role that may assume others', boundary: roleBoundary, action: 'sts:AssumeRole', resource: '*' },
    { what: 'an agent that may read', boundary: agentBoundary, action: 's3:GetObject', resource: '*' },
    {
      what: 'an agent that may ask for a role outside its list',
      boundary: agentBoundary,
      action: 'sts:AssumeRole',
      resource: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-task-0004',
    },
  ])('$what lies outside, and the witness says why', ({ boundary, action, resource }) => {
    const policy = toDocument([{ Effect: 'Allow', Action: action, Resource: resource }]);
    const answer = insideBoundary(policy, boundary, { catalogue });
    expect(answer).toMatchObject({ kind: 'outside', witness: { action } });
    if (answer.kind === 'outside') expect(answer.sentence).toContain(`${action} on `);
  });
});

describe('a grant inside its envelope', () => {
  const envelope = golden('permissions-with-a-parameter');
  const rendered = (release: string): PolicyDocument =>
    JSON.parse(JSON.stringify(envelope).replaceAll('${aws:PrincipalTag/param.release}', release)) as PolicyDocument;
  const given = { 'aws:PrincipalTag/param.release': '1.4.2' };

  test('the envelope with its parameters filled in as the lease says', () => {
    expect(insideEnvelope(rendered('1.4.2'), envelope, { given })).toEqual({ kind: 'inside' });
  });

  test.each(['1.4.20', '1.4.*', '*', '../1.4.2'])('a grant for release %s is outside', (release) => {
    expect(insideEnvelope(rendered(release), envelope, { given }).kind).toBe('outside');
  });

  test('without the tags of the session a literal is not inside a variable', () => {
    expect(insideEnvelope(rendered('1.4.2'), envelope).kind).toBe('outside');
  });

  test('fewer statements and actions, more conditions and denies are inside', () => {
    const [first] = statements(envelope);
    const grant = toDocument([
      { ...first, Effect: 'Allow', Action: 's3:GetObject', Condition: { Bool: { 'aws:SecureTransport': 'true' } } },
      {
        Effect: 'Deny',
        Action: '*',
        Resource: '*',
        Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-11-19T08:30:00Z' } },
      },
    ]);
    expect(insideEnvelope(grant, envelope)).toEqual({ kind: 'inside' });
  });

  test('one more action is outside', () => {
    const grant = toDocument(
      statements(envelope).map((one) => ({ ...one, Action: ['s3:PutObject', 's3:DeleteObject'] })),
    );
    expect(insideEnvelope(grant, envelope)).toMatchObject({ kind: 'outside' });
  });
});

describe('the trust that is deployed', () => {
  const trust = golden('trust-with-a-pattern-parameter');
  const [lease, mark] = statements(trust);
  const conditions = Object.entries(lease?.Condition ?? {}).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => ({ operator, key })),
  );

  test('there is something to drop', () => {
    expect(conditions.length).toBeGreaterThan(8);
  });

  test.each(conditions)('$operator $key cannot be dropped unnoticed', ({ operator, key }) => {
    const { [key]: _, ...others } = lease?.Condition?.[operator] ?? {};
    const Condition = { ...lease?.Condition, [operator]: others };
    const after = toDocument([{ ...lease, Effect: 'Allow', Condition }, ...(mark === undefined ? [] : [mark])]);
    expect(compare({ trust }, { trust: after }).kind).toBe('widened');
    expect(compare({ trust: after }, { trust })).toEqual({ kind: 'not-widened' });
  });

  test.each(['trust-opened-by-MFA', 'trust-opened-by-the-broker', 'trust-opened-by-either', 'agent-trust-github-oidc'])(
    '%s does not widen itself in another order',
    (name) => {
      const document = golden(name);
      const reversed = toDocument(statements(document).toReversed());
      expect(compare({ trust: document }, { trust: reversed })).toEqual({ kind: 'not-widened' });
    },
  );
});

describe('what cannot be compared', () => {
  const fine = toDocument([{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }]);

  test('a malformed document is a typed error that says where', () => {
    const broken = toDocument([{ Effect: 'Allow', Action: 'GetObject', Resource: '*' }]);
    expect(() => compare(fine, broken)).toThrow(PolicyError);
    expect(() => compare(fine, broken)).toThrow(/\/identity\/0\/Statement\/0\/Action/);
  });

  test('a side without any policy that could allow is a typed error, not a pass', () => {
    expect(() => compare(fine, {})).toThrow(PolicyError);
    expect(() => compare(fine, { boundary: fine })).toThrow(PolicyError);
  });

  test('no policies permit nothing', () => {
    expect(compare(fine, []).kind).toBe('not-widened');
    expect(compare([], fine).kind).toBe('widened');
  });

  test('more steps than were granted are an unknown answer', () => {
    const patterns = (text: string) =>
      toDocument([{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${text}` }]);
    const answer = compare(patterns(`*a${'?'.repeat(12)}`), patterns(`*b${'?'.repeat(9)}*`), { steps: 50 });
    expect(answer).toEqual({ kind: 'unknown', reason: 'The comparison exceeded its step limit.' });
  });

  test('a deny of few actions that is dropped is found among all that the catalogue lists', () => {
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' } as const;
    const guarded = toDocument([everything, { Effect: 'Deny', Action: 'sts:AssumeRole*', Resource: '*' }]);
    const answer = compare(guarded, toDocument([everything]), { catalogue, newActions: 'ignore' });
    expect(answer).toMatchObject({ kind: 'widened', witness: { action: 'sts:AssumeRole' } });
    // Also where the deny leaves out some, and so lists none.
    const all: Statement = { Effect: 'Deny', NotAction: ['iam:*', 's3:*'], Resource: '*' };
    const unguarded = compare(toDocument([everything, all]), toDocument([everything]), {
      catalogue,
      newActions: 'ignore',
    });
    expect(unguarded).toMatchObject({ kind: 'widened' });
  });

  test('a policy of a caller is not held against one of a resource', () => {
    const trust = toDocument([{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'sts:AssumeRole' }]);
    expect(compare(fine, { trust })).toMatchObject({ kind: 'unknown' });
  });
});
