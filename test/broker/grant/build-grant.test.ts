/** What a grant holds: the role with the parameters filled in, or less. */
import { buildGrant, type GrantContext, grantProblems, type Selection } from '../../../lib/broker/grant/build-grant';
import { grantHash } from '../../../lib/broker/grant/grant';
import type { BrokeredRole } from '../../../lib/broker/rules';
import { anAuditRole } from '../../support/broker-environment';
import { aParameter, aReleaseRole, aRole } from '../../support/environment';
import { AGENT, ALICE, aBrokeredRole } from '../support';

type Overrides = Partial<GrantContext & Selection & { readonly brokered: BrokeredRole }>;

function select({ brokered = aBrokeredRole(), parameters = { release: '1.4.2' }, ...overrides }: Overrides = {}) {
  const context = { lease: 'lh-1', requester: AGENT, reason: 'Upload release 1.4.2 (again)', ...overrides };
  return buildGrant(context, brokered, { parameters, ...overrides });
}

function granted(overrides: Overrides = {}) {
  const built = select(overrides);
  if (built.kind !== 'grant') throw new Error(built.problems.map(({ message }) => message).join(' '));
  return built.grant;
}

function problems(overrides: Overrides): readonly string[] {
  const built = select(overrides);
  return built.kind === 'grant' ? [] : built.problems.map(({ code, message }) => `${code}: ${message}`);
}

describe('a grant', () => {
  it('is the role with the parameters filled in', () => {
    expect(granted()).toEqual({
      version: 1,
      project: 'hermes',
      environment: 'dev',
      account: '123456789012',
      role: 's3-deploy',
      roleArn: 'arn:aws:iam::123456789012:role/leasehold/hermes-dev/hermes-dev-s3-deploy',
      policy: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: ['s3:GetObject', 's3:PutObject'],
            Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/*',
          },
          {
            Effect: 'Allow',
            Action: 's3:ListBucket',
            Resource: 'arn:aws:s3:::hermes-dev-deploy',
            Condition: { StringLike: { 's3:prefix': '1.4.2/*' } },
          },
        ],
      },
      parameters: { release: '1.4.2' },
      tags: {
        'lease-id': 'lh-1',
        reason: 'Upload release 1.4.2 _again_',
        requester: 'hermes',
        'param.release': '1.4.2',
      },
      sourceIdentity: 'hermes',
      seconds: 600,
      requester: AGENT.key,
      reason: 'Upload release 1.4.2 (again)',
    });
  });

  it('holds fewer actions where fewer were chosen', () => {
    expect(granted({ actions: ['s3:putobject'] }).policy.Statement).toEqual([
      { Effect: 'Allow', Action: 's3:putobject', Resource: 'arn:aws:s3:::hermes-dev-deploy/1.4.2/*' },
    ]);
  });

  it('picks an action out of a wildcard of the role, and never a wildcard out of an action', () => {
    const role = aRole({
      allow: [{ actions: ['ec2:Describe*'], resources: ['*'], conditions: {} }],
    });
    const brokered = aBrokeredRole({ role });
    const chosen = { brokered, parameters: {} };
    expect(granted({ ...chosen, actions: ['ec2:DescribeInstances'] }).policy.Statement).toMatchObject([
      { Action: 'ec2:DescribeInstances' },
    ]);
    expect(granted({ ...chosen, actions: ['ec2:Describe*'] }).policy.Statement).toMatchObject([
      { Action: 'ec2:Describe*' },
    ]);
    for (const action of ['ec2:*', '*', 'ec2:D*', 'ec2:Describe?', 'ec2:TerminateInstances', 'ec2:DescribeX*']) {
      expect(problems({ ...chosen, actions: [action] })).toContain(
        `outside-envelope: The role does not allow \`${action}\`.`,
      );
    }
  });

  it('has another hash for another byte, and the same for the same words in another order', () => {
    const grant = granted();
    expect(grantHash(granted())).toBe(grantHash(grant));
    expect(grantHash(Object.fromEntries(Object.entries(grant).reverse()) as unknown as typeof grant)).toBe(
      grantHash(grant),
    );
    for (const other of [
      granted({ seconds: 601 }),
      granted({ reason: 'Upload release 1.4.2 (again!)' }),
      granted({ parameters: { release: '1.4.3' } }),
      granted({ actions: ['s3:PutObject'] }),
      granted({ requester: ALICE }),
    ]) {
      expect(grantHash(other)).not.toBe(grantHash(grant));
    }
  });
});

describe('a selection is refused', () => {
  it.each<[string, Overrides, string]>([
    ['without a parameter', { parameters: {} }, 'invalid-request: `release` is missing.'],
    [
      'with one that the role has not',
      { parameters: { release: '1', bucket: 'x' } },
      'invalid-request: The role has no parameter `bucket`.',
    ],
    [
      'with a wildcard for a value',
      { parameters: { release: '*' } },
      'invalid-request: The value of `release` is not permitted by the role.',
    ],
    [
      'with a value that leaves its place',
      { parameters: { release: '1.4.2/../1.4.1' } },
      'invalid-request: The value of `release` is not permitted by the role.',
    ],
    [
      'with an action of another role',
      { actions: ['s3:DeleteObject'] },
      'outside-envelope: The role does not allow `s3:DeleteObject`.',
    ],
    ['without any action', { actions: [] }, 'invalid-request: No action is chosen.'],
    ['for too long', { seconds: 901 }, 'invalid-request: A lease of this role lasts from 1 to 900 seconds.'],
    ['for no time', { seconds: 0 }, 'invalid-request: A lease of this role lasts from 1 to 900 seconds.'],
    ['for part of a second', { seconds: 1.5 }, 'invalid-request: A lease of this role lasts from 1 to 900 seconds.'],
    [
      'with a tag that STS does not take',
      { reason: '' },
      'invalid-request: The tag `reason` would contain a character that STS rejects.',
    ],
  ])('%s', (_, overrides, problem) => {
    expect(problems(overrides)).toEqual([problem]);
  });

  it('with a policy that does not fit a session', () => {
    const resources = Array.from({ length: 60 }, (_, index) => `arn:aws:s3:::bucket-number-${index * 7919}/*`);
    const role = aRole({ allow: [{ actions: ['s3:GetObject'], resources, conditions: {} }] });
    expect(problems({ brokered: aBrokeredRole({ role }), parameters: {} })[0]).toMatch(
      /^too-large: The session policy has \d+ characters; the maximum is 2048\.$/,
    );
  });

  it('with a policy that fits a session by itself, and not together with what cuts a short lease out of it', () => {
    const role = aRole({
      allow: [{ actions: ['s3:GetObject'], resources: [`arn:aws:s3:::${'b'.repeat(1900)}/*`], conditions: {} }],
    });
    const [problem] = problems({ brokered: aBrokeredRole({ role }), parameters: {} });
    expect(problem).toBe('too-large: The session policy has 2080 characters; the maximum is 2048.');
  });
});

describe('a parameter bound to an identity', () => {
  const role = aReleaseRole({ parameters: [aParameter({ pattern: '[a-z0-9][a-z0-9-]{0,62}' })] });
  const subject = { issuer: 'https://id.example', sub: 'customer-7', claims: { tier: 'gold' } };
  const bound = (binding: 'subject.sub' | 'subject.claims.tier' | 'subject.claims.constructor') =>
    aBrokeredRole({ role, bindings: { release: binding } });

  it('is filled in from it', () => {
    const whose = { subject, parameters: {} };
    expect(granted({ ...whose, brokered: bound('subject.sub') }).parameters).toEqual({ release: 'customer-7' });
    expect(granted({ ...whose, brokered: bound('subject.claims.tier') }).parameters).toEqual({ release: 'gold' });
  });

  it('cannot be chosen, not even to the same value', () => {
    expect(problems({ subject, brokered: bound('subject.sub'), parameters: { release: 'customer-7' } })).toEqual([
      'invalid-request: `release` comes from `subject.sub` and cannot be chosen.',
    ]);
  });

  it('is missing where the identity is', () => {
    const none = 'invalid-request: The request has no `subject.sub` for `release`.';
    expect(problems({ brokered: bound('subject.sub'), parameters: {} })).toEqual([none]);
    expect(problems({ subject, brokered: bound('subject.claims.constructor'), parameters: {} })).toEqual([
      'invalid-request: The request has no `subject.claims.constructor` for `release`.',
    ]);
  });
});

describe('a role with policies that AWS manages', () => {
  const role = anAuditRole({ lease: { defaultSeconds: 900, maxSeconds: 900 } });
  const [pinned] = role.managedPolicies ?? [];
  const XRAY = { arn: 'arn:aws:iam::aws:policy/AWSXrayReadOnlyAccess', sha256: 'b'.repeat(64), because: 'Incidents.' };
  const READ = { actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::evidence'], conditions: {} };
  const brokered = aBrokeredRole({ role });
  const both = aBrokeredRole({
    role: { ...role, allow: [READ], managedPolicies: [...(role.managedPolicies ?? []), XRAY] },
  });
  const asked = { brokered: both, parameters: {} };
  const context = { lease: 'lh-1', requester: AGENT, reason: 'Upload release 1.4.2 (again)' };

  it('gives each with the hash of its text, and denies what the role denies', () => {
    const grant = granted({ brokered, parameters: {} });
    expect(grant.managedPolicies).toEqual([{ arn: pinned?.arn, sha256: pinned?.sha256 }]);
    expect(grant.policy.Statement).toEqual([{ Effect: 'Deny', Action: 'config:DeliverConfigSnapshot', Resource: '*' }]);
  });

  it('gives none with a choice of actions, and with a choice of policies only these', () => {
    expect(granted({ ...asked, actions: ['s3:ListBucket'] }).managedPolicies).toBeUndefined();
    const one = granted({ ...asked, actions: [XRAY.arn] });
    expect(one.managedPolicies).toEqual([{ arn: XRAY.arn, sha256: XRAY.sha256 }]);
    expect(JSON.stringify(one.policy)).not.toContain('s3:ListBucket');
    expect(problems({ ...asked, actions: ['arn:aws:iam::aws:policy/AdministratorAccess'] })).toEqual([
      'outside-envelope: The role does not allow `arn:aws:iam::aws:policy/AdministratorAccess`.',
    ]);
  });

  it('is approved with the text: another pin needs another approval', () => {
    const grant = granted({ brokered, parameters: {} });
    expect(grantProblems(grant, context, brokered)).toEqual([]);
    const changes: readonly (typeof role.managedPolicies)[] = [
      undefined,
      [{ ...XRAY, because: 'Another.' }],
      role.managedPolicies?.map((policy) => ({ ...policy, sha256: 'a'.repeat(64) })),
    ];
    for (const managedPolicies of changes) {
      const { managedPolicies: _, ...rest } = role;
      const today = aBrokeredRole({ role: managedPolicies === undefined ? rest : { ...rest, managedPolicies } });
      expect(grantProblems(grant, context, today).map(({ code }) => code)).toEqual(['outside-envelope']);
      expect(grantHash(grant)).not.toBe(
        managedPolicies === undefined ? '' : grantHash(granted({ brokered: today, parameters: {} })),
      );
    }
    // Less than the role has today is still inside it.
    expect(grantProblems(grant, context, both)).toEqual([]);
  });

  it('counts the ARNs to the size of the session', () => {
    const managedPolicies = Array.from({ length: 10 }, (_, index) => ({
      ...XRAY,
      arn: `${XRAY.arn}${`${index}`.repeat(200)}`,
    }));
    expect(problems({ brokered: aBrokeredRole({ role: { ...role, managedPolicies } }), parameters: {} })[0]).toMatch(
      /^too-large: The session policy has \d+ characters; the maximum is 2048\.$/,
    );
  });
});
