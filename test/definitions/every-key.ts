/** Definitions in which every key stands, without a fault: what laws change one value of. */

/** One document of each kind. */
export function everyKey(): readonly unknown[] {
  return [
    {
      kind: 'Project',
      name: 'hermes',
      description: 'One.',
      environments: {
        dev: {
          account: '123456789012',
          region: 'eu-west-1',
          partition: 'aws',
          variables: { bucket: 'b' },
          production: false,
          approval: { humans: 1, window: '15m' },
          mfa: { oneCodeOneLease: 'code-age' },
          agents: { worker: { identity: { type: 'lambda' } } },
          backend: { type: 's3', bucket: 'b', key: 'k', region: 'eu-west-1', kmsKeyId: 'k' },
          alerts: { trail: 'create', emails: ['a@example.com'], hours: { from: 1, to: 2 } },
        },
      },
      agents: { agent: { identity: { type: 'iam-user' } }, worker: { identity: { type: 'ec2' } } },
      approvers: ['oncall'],
      mfa: { oneCodeOneLease: 'token-issue-time' },
      external: {
        task: {
          arn: 'arn:aws:iam::123456789012:role/task',
          may: [{ actions: ['s3:GetObject'], resources: ['*'], conditions: { Bool: { 'aws:SecureTransport': true } } }],
        },
        admin: { arn: 'arn:aws:iam::123456789012:role/admin', may: 'administrator' },
      },
      mixedAccess: [{ role: 'one', because: 'One.', until: '2027-01-01' }],
      waivers: [{ guardrail: 'no-star', because: 'One.', until: '2027-01-01' }],
    },
    {
      kind: 'Role',
      name: 'one',
      purpose: 'One.',
      access: 'read',
      gate: ['mfa', 'broker'],
      agents: ['agent'],
      approval: { humans: 2, window: '30m' },
      reviewer: 'advise',
      eligible: { agents: ['agent'], groups: ['support'] },
      lease: { default: '15m', max: '1h' },
      parameters: {
        release: { description: 'One.', pattern: '[a-z]+' },
        other: { description: 'One.', values: ['a'], from: 'subject.claims.tenant' },
      },
      allow: [
        {
          actions: ['s3:GetObject'],
          resources: ['arn:aws:s3:::${var.bucket}/${param.release}/${param.other}/*'],
          conditions: { StringEquals: { 'aws:PrincipalTag/x': ['y'] } },
        },
      ],
      managedPolicies: [
        { arn: 'arn:aws:iam::aws:policy/SecurityAudit', sha256: 'a'.repeat(64), because: 'One.', sensitive: 'One.' },
      ],
      deny: [
        {
          actions: ['s3:*'],
          resources: ['arn:aws:s3:::b/keep/*'],
          conditions: { Bool: { 'aws:SecureTransport': false } },
        },
      ],
      passes: [{ role: 'task', to: 'lambda.amazonaws.com', because: 'One.' }],
      assumes: [{ role: 'arn:aws:iam::${env.account}:role/admin', because: 'One.' }],
      companions: ['kms'],
      sensitive: [{ action: 's3:GetObject', because: 'One.' }],
      sql: { databaseUser: 'reader', limits: 'One.' },
      waivers: [{ guardrail: 'no-star', because: 'One.', until: '2027-01-01' }],
      environments: { dev: { lease: { max: '30m' }, gate: 'broker', approval: { humans: 0 } } },
    },
    {
      kind: 'Role',
      name: 'two',
      purpose: 'Two.',
      access: 'write',
      gate: 'mfa',
      agents: ['agent'],
      allow: [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::b/two/*'] }],
      perCall: ['s3:PutObject'],
    },
    {
      kind: 'Broker',
      reviewer: { provider: 'openai', model: 'm', endpoint: 'https://a.example/v1', key: true, timeout: '5s' },
      budgets: { requests: { limit: 5, window: '5m' }, denials: { limit: 2, window: '1h' } },
      approval: { humans: 2, window: '10m' },
      hours: { from: 22, to: 6 },
      revoke: { by: 'deny-policy' },
      subjects: [
        {
          issuer: 'https://login.example.com',
          audiences: ['app'],
          tokenUse: 'access',
          algorithm: 'ES256',
          jwks: 'https://login.example.com/keys',
          claims: ['tenant'],
        },
      ],
      people: {
        signIn: {
          oidc: {
            issuer: 'https://login.example.com',
            clientId: 'console',
            audience: 'leasehold',
            scope: 'leases',
            requestScope: 'api://leases',
            nameClaim: 'login',
            groupsClaim: 'groups',
            algorithm: 'ES256',
            jwks: 'https://login.example.com/keys',
            accessToken: '10m',
            mfa: 'issuer',
            because: 'One.',
          },
        },
        groups: { requester: ['staff'], approver: ['leads'], administrator: ['security'] },
        approveWith: 'passkey',
      },
      console: {
        domain: 'leases.example.com',
        certificate: 'arn:aws:acm:eu-west-1:123456789012:certificate/1',
        assistant: 'wss://chat.example.com/v1',
      },
      environments: {
        dev: {
          reviewer: { provider: 'bedrock', model: 'm', region: 'eu-west-1' },
          people: {
            signIn: {
              cognito: {
                domain: 'hermes-dev',
                passwordLength: 16,
                accessToken: '10m',
                refreshToken: '8h',
                redirects: ['http://localhost:8976/signed-in'],
              },
            },
            groups: { requester: '*' },
          },
        },
      },
    },
    {
      kind: 'Principal',
      type: 'person',
      name: 'alice',
      groups: ['support'],
      administrator: true,
      signIn: 'alice@example.com',
      user: 'arn:aws:iam::123456789012:user/alice',
      policy: 'One.\nTwo.\n',
      environments: { dev: false },
    },
    { kind: 'Principal', type: 'agent', name: 'worker', policy: 'One.', environments: ['dev'] },
  ];
}
