/** What definitions become: defaults, overrides, templates, identities, and where everything was written. */
import { join } from 'node:path';
import { loadDefinitions } from '../../lib/definitions/load';
import type { Environment, Role } from '../../lib/definitions/model';
import { brief, inFolder, load, PROJECT, ROLE } from './support';

function resolved(files: Readonly<Record<string, string>>): readonly Environment[] {
  const { definitions, findings } = load(files);
  expect(brief(findings)).toEqual([]);
  return definitions?.environments ?? [];
}

function roleIn(environments: readonly Environment[], environment: string, name = 's3-deploy'): Role | undefined {
  return environments.find((one) => one.name === environment)?.roles.find((role) => role.name === name);
}

const role = (more: string) => ({ 'project.yaml': PROJECT, 'role.yaml': `${ROLE}${more}` });

describe('the reference project', () => {
  const { definitions, findings } = loadDefinitions('roles', { cwd: join(__dirname, '../..') });

  it('loads without a complaint', () => {
    expect(findings).toEqual([]);
    expect(definitions?.project).toBe('hermes');
  });

  it('has the four roles in both environments, each behind a human', () => {
    for (const { roles } of definitions?.environments ?? []) {
      expect(roles.map(({ name, access, gates }) => `${name} ${access} ${gates}`)).toEqual([
        'cloudwatch-read read mfa',
        'ec2-read read mfa',
        'rds-query write mfa',
        's3-deploy write mfa',
      ]);
    }
    expect(definitions?.environments.map(({ name }) => name)).toEqual(['dev', 'prod']);
  });

  it('leaves no template but parameters', () => {
    const { environments } = definitions ?? {};
    const text = JSON.stringify(environments);
    expect(new Set(text.match(/\$\{[^}]*\}/g))).toEqual(new Set(['${param.release}']));
  });

  it('keeps the environments apart', () => {
    const [dev, prod] = (definitions?.environments ?? []).map((environment) => JSON.stringify(environment));
    expect(dev).not.toMatch(/prod(?!uction":false)|210987654321/);
    expect(prod).not.toMatch(/-dev|\/dev|123456789012/);
  });
});

describe('policies that AWS manages', () => {
  const audit = (more: string) =>
    `kind: Role\nname: audit\npurpose: Audit.\naccess: read\ngate: broker\neligible: { groups: [auditors] }\n${more}`;
  const MANAGED = 'managedPolicies: [{ arn: "arn:aws:iam::aws:policy/SecurityAudit", because: Audits. }]\n';

  it('need no statement beside them, and leave out the agents of the project', () => {
    const [dev] = resolved({ 'project.yaml': PROJECT, 'role.yaml': audit(MANAGED) });
    expect(dev?.roles[0]).toMatchObject({
      agents: [],
      allow: [],
      broker: { eligible: { agents: [], groups: ['auditors'] } },
      managedPolicies: [{ arn: 'arn:aws:iam::aws:policy/SecurityAudit', because: 'Audits.' }],
    });
  });

  it('or else a role has statements', () => {
    const { findings } = load({ 'project.yaml': PROJECT, 'role.yaml': audit('') });
    expect(brief(findings)).toEqual(['role.yaml:1:1 error missing-key']);
  });

  it.each([
    ['a policy of the account', '{ arn: "arn:aws:iam::123456789012:policy/SecurityAudit", because: Audits. }'],
    ['a name', '{ arn: SecurityAudit, because: Audits. }'],
    ['a template', '{ arn: "arn:aws:iam::aws:policy/${var.policy}", because: Audits. }'],
    ['a short hash', '{ arn: "arn:aws:iam::aws:policy/SecurityAudit", sha256: "321cfea8", because: Audits. }'],
    ['no reason', '{ arn: "arn:aws:iam::aws:policy/SecurityAudit" }'],
  ])('are not named by %s', (_, written) => {
    const files = { 'project.yaml': PROJECT, 'role.yaml': audit(`managedPolicies: [${written}]\n`) };
    expect(load(files).findings.length).toBeGreaterThan(0);
  });
});

describe('what is left out', () => {
  const [dev] = resolved({
    'project.yaml': PROJECT,
    'role.yaml':
      'kind: Role\nname: r\npurpose: Read.\naccess: read\ngate: broker\nallow: [{ actions: a:B, resources: "*" }]\n',
  });

  it('of a role has the documented default', () => {
    expect(dev?.roles[0]).toMatchObject({
      gates: ['broker'],
      agents: ['agent', 'second', 'worker'],
      lease: { defaultSeconds: 900, maxSeconds: 900 },
      parameters: [],
      allow: [{ actions: ['a:B'], resources: ['*'], conditions: {} }],
      companions: [],
      deny: [],
      passes: [],
      assumes: [],
      sensitive: [],
      waivers: [],
    });
    expect(dev?.roles[0]).not.toHaveProperty('sql');
  });

  it('of an environment has the documented default', () => {
    expect(dev).toMatchObject({ partition: 'aws', approval: { humans: 1 }, backend: { type: 'local' }, waivers: [] });
    expect(dev).not.toHaveProperty('alerts');
  });

  it.each([
    ['{}', 900, 900],
    ['{ default: 20m }', 1200, 1200],
    ['{ default: 5m }', 300, 900],
    ['{ max: 1h }', 900, 3600],
    ['{ max: 90s }', 90, 90],
    ['{ default: 1s, max: 12h }', 1, 43_200],
  ])('of a lease %s is filled in', (lease, defaultSeconds, maxSeconds) => {
    const environments = resolved({
      'project.yaml': PROJECT,
      'role.yaml': `${ROLE.replace('gate: mfa', 'gate: broker')}lease: ${lease}\n`,
    });
    expect(roleIn(environments, 'dev')?.lease).toEqual({ defaultSeconds, maxSeconds });
  });
});

describe('lists', () => {
  it('are sorted where their order means nothing, and kept where they are read', () => {
    const files = {
      'project.yaml': PROJECT,
      'role.yaml': ROLE.replace('gate: mfa', 'gate: [mfa, broker]')
        .replace('[agent]', '[worker, agent]')
        .replace('[s3:PutObject]', '[s3:PutObject, s3:GetObject]'),
      'a.yaml': ROLE.replace('s3-deploy', 'another'),
    };
    const environments = resolved(files);
    expect(environments[0]?.roles.map(({ name }) => name)).toEqual(['another', 's3-deploy']);
    expect(environments[0]?.approvers).toEqual(['lead', 'oncall']);
    const found = roleIn(environments, 'dev');
    expect(found?.gates).toEqual(['broker', 'mfa']);
    expect(found?.agents).toEqual(['agent', 'worker']);
    expect(found?.allow[0]?.actions).toEqual(['s3:PutObject', 's3:GetObject']);
  });

  it('come out the same whatever the order of the files', () => {
    const one = { 'a.yaml': PROJECT, 'b.yaml': ROLE, 'c.yaml': ROLE.replace('s3-deploy', 'another') };
    const other = { 'c.yaml': PROJECT, 'b.yaml': ROLE, 'a.yaml': ROLE.replace('s3-deploy', 'another') };
    expect(JSON.stringify(resolved(one))).toBe(JSON.stringify(resolved(other)));
  });
});

describe('conditions', () => {
  it('are texts in the order written', () => {
    const environments = resolved(
      role(
        '    conditions:\n      Bool: { aws:SecureTransport: true }\n      NumericLessThan: { s3:max-keys: [10, 2.5] }\n      StringLike: { s3:prefix: ["${param.release}/*", "${env.name}/*"] }\n',
      ),
    );
    expect(roleIn(environments, 'dev')?.allow[0]?.conditions).toEqual({
      Bool: { 'aws:SecureTransport': ['true'] },
      NumericLessThan: { 's3:max-keys': ['10', '2.5'] },
      StringLike: { 's3:prefix': ['${param.release}/*', 'dev/*'] },
    });
  });

  it('may use keys that are names of object properties', () => {
    const environments = resolved(role('    conditions: { StringEquals: { constructor: x, toString: y } }\n'));
    expect(Object.entries(roleIn(environments, 'dev')?.allow[0]?.conditions.StringEquals ?? {})).toEqual([
      ['constructor', ['x']],
      ['toString', ['y']],
    ]);
  });
});

describe('templates', () => {
  const put = (text: string, more = '') => {
    const project = PROJECT.replace('only_dev: here', () => `only_dev: here${more}`);
    const { definitions, findings } = load({
      'project.yaml': project,
      'role.yaml': `${ROLE.replace('"arn:aws:s3:::${var.deploy_bucket}/${param.release}/*"', () => JSON.stringify(text))}environments: [dev]\n`,
      'other.yaml': ROLE.replace('s3-deploy', 'other'),
    });
    return definitions ? roleIn(definitions.environments, 'dev')?.allow[0]?.resources[0] : findings.map(({ id }) => id);
  };

  it.each([
    ['${var.deploy_bucket}', 'hermes-dev-deploy'],
    [
      '${project.name}/${env.name}/${env.account}/${env.region}/${env.partition}',
      'hermes/dev/123456789012/ap-northeast-2/aws',
    ],
    ['${param.release}${param.release}', '${param.release}${param.release}'],
    ['a$b$$c$', 'a$b$$c$'],
    ['{${var.deploy_bucket}}', '{hermes-dev-deploy}'],
    ['${param.release}${env.name}${param.release}', '${param.release}dev${param.release}'],
  ])('%s becomes %s', (text, expected) => {
    expect(put(text)).toBe(expected);
  });

  it.each([
    ['a replacement pattern', '$& $1 $$'],
    ['a wildcard', '*'],
    ['braces', '}{'],
    ['the mark of a template', '{param.release}'],
  ])('put %s in as it is', (_, value) => {
    expect(put('<${var.odd}>', `, odd: ${JSON.stringify(value)}`)).toBe(`<${value}>`);
  });

  it.each([
    ['a dollar before a template', '$${var.deploy_bucket}', ''],
    ['a dollar before a parameter', '$${param.release}', ''],
    ['a variable that ends in a dollar, before a brace', '${var.odd}{aws:username}', ', odd: "x$"'],
    ['a variable that ends in a dollar, before a parameter', '${var.odd}${param.release}', ', odd: "x$"'],
    ['two variables that make a template together', '${var.odd}${var.even}', ', odd: "$", even: "{param.release}"'],
  ])('never grow together: %s', (_, text, variables) => {
    expect(put(text, variables)).toEqual(['template-assembled']);
  });

  it.each(['${constructor}', '${var.constructor}', '${env.constructor}', '${var.__proto__}', '${param.toString}'])(
    '%s stands for nothing',
    (text) => {
      expect(put(text)).toEqual([expect.stringMatching(/^(template-syntax|unknown-variable|unknown-parameter)$/)]);
    },
  );
});

describe('an environment', () => {
  it.each([
    ['eu-west-1', 'aws'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-gov-east-1', 'aws-us-gov'],
    ['us-east-1', 'aws'],
  ])('in %s is in the partition %s', (region, partition) => {
    const [dev] = resolved({ 'project.yaml': PROJECT.replaceAll('ap-northeast-2', region), 'role.yaml': ROLE });
    expect(dev?.partition).toBe(partition);
  });

  it.each([
    ['prod', '', true],
    ['production', '', true],
    ['live', '', true],
    ['prod-eu', '', true],
    ['product', '', false],
    ['preprod', '', false],
    ['staging', '', false],
    ['staging', 'production: true, ', true],
    ['prod', 'production: false, ', false],
  ])('called %s { %s} has people who depend on it: %s', (name, key, production) => {
    const [, found] = resolved({
      'project.yaml': PROJECT.replace(
        / {2}prod:\n[^}]*}/,
        `  ${name}: { account: "210987654321", region: eu-west-1, ${key}variables: { deploy_bucket: x } }`,
      ),
      'role.yaml': ROLE,
    });
    expect(found).toMatchObject({ name, production });
  });

  it('asks one human for half an hour, unless it says otherwise', () => {
    const approval = (written: string) => {
      const files = {
        'project.yaml': PROJECT.replace('only_dev: here }', `only_dev: here }${written}`),
        'role.yaml': ROLE.replace('gate: mfa', 'gate: broker'),
      };
      const environments = resolved(files);
      expect(roleIn(environments, 'dev')?.broker).toMatchObject(environments[0]?.approval ?? {});
      return environments[0]?.approval;
    };
    expect(approval('')).toEqual({ humans: 1, windowSeconds: 1800 });
    expect(approval('\n    approval: { humans: 2 }')).toEqual({ humans: 2, windowSeconds: 1800 });
    expect(approval('\n    approval: { humans: 3, window: 2h }')).toEqual({ humans: 3, windowSeconds: 7200 });
  });

  it('keeps its state where the project says, or elsewhere', () => {
    const project = PROJECT.replace(
      'variables: { deploy_bucket: hermes-prod-deploy }',
      'variables: { deploy_bucket: hermes-prod-deploy }\n    backend: { type: s3, bucket: prod-state, key: a/b, region: eu-west-1, kmsKeyId: alias/state }',
    );
    const [dev, prod] = resolved({
      'project.yaml': `${project}backend: { type: s3, bucket: "state-\${env.account}" }\n`,
      'role.yaml': ROLE,
    });
    expect(dev?.backend).toEqual({
      type: 's3',
      bucket: 'state-123456789012',
      key: 'leasehold/hermes-dev.tfstate',
      region: 'ap-northeast-2',
    });
    expect(prod?.backend).toEqual({
      type: 's3',
      bucket: 'prod-state',
      key: 'a/b',
      region: 'eu-west-1',
      kmsKeyId: 'alias/state',
    });
    expect(dev?.locate(['backend', 'bucket']).line).toBe(18);
    expect(prod?.locate(['backend', 'bucket']).line).toBe(12);
  });

  it('has alerts with a trail', () => {
    const [dev] = resolved({
      'project.yaml': `${PROJECT}alerts: { trail: "arn:aws:cloudtrail:\${env.region}:\${env.account}:trail/main", hours: { from: 22, to: 6 } }\n`,
      'role.yaml': ROLE,
    });
    expect(dev?.alerts).toEqual({
      emails: [],
      trail: { arn: 'arn:aws:cloudtrail:ap-northeast-2:123456789012:trail/main' },
      hours: { from: 22, to: 6 },
    });
  });
});

describe('an override', () => {
  const environments = resolved(
    role(
      `environments:
  dev: { lease: { max: 1h } }
  prod:
    gate: [mfa, broker]
    agents: worker
    parameters: { version: { description: A version, values: [stable, next] } }
    allow:
      - actions: s3:GetObject
        resources: "arn:aws:s3:::\${var.deploy_bucket}/\${param.version}/*"
    waivers: [{ guardrail: one-service, because: It is one task., until: 2027-03-31 }]
`,
    ),
  );
  const dev = roleIn(environments, 'dev');
  const prod = roleIn(environments, 'prod');

  it('replaces a key as a whole, and no other', () => {
    expect(dev?.lease).toEqual({ defaultSeconds: 900, maxSeconds: 3600 });
    expect(dev?.parameters.map(({ name }) => name)).toEqual(['release']);
    expect(prod?.lease).toEqual({ defaultSeconds: 900, maxSeconds: 900 });
    expect(prod?.gates).toEqual(['broker', 'mfa']);
    expect(prod?.agents).toEqual(['worker']);
    expect(prod?.parameters).toEqual([{ name: 'version', description: 'A version', values: ['stable', 'next'] }]);
    expect(prod?.allow).toEqual([
      { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-prod-deploy/${param.version}/*'], conditions: {} },
    ]);
    expect(prod?.waivers).toHaveLength(1);
    expect(prod?.purpose).toBe(dev?.purpose);
  });

  it('is where its values are found', () => {
    expect(dev?.locate(['allow', 0, 'actions', 0])).toMatchObject({ file: 'role.yaml', line: 10, column: 15 });
    expect(prod?.locate(['allow', 0, 'actions', 0])).toMatchObject({ line: 19, column: 18, endColumn: 30 });
    expect(prod?.locate(['purpose'])).toMatchObject({ line: 3, column: 10 });
  });

  it('of an agent changes its identity in that environment only', () => {
    const project = PROJECT.replace(
      'variables: { deploy_bucket: hermes-prod-deploy }',
      'variables: { deploy_bucket: hermes-prod-deploy }\n    agents: { agent: { identity: { type: lambda } } }',
    );
    const all = resolved({ 'project.yaml': project, 'role.yaml': ROLE.replace('gate: mfa', 'gate: broker') });
    const identities = all.map(({ agents }) => agents.map(({ identity }) => identity.type));
    expect(identities).toEqual([
      ['iam-user', 'iam-user', 'ecs-task'],
      ['lambda', 'iam-user', 'ecs-task'],
    ]);
    const places = all.map(({ agents }) => agents[0]?.locate(['agents', 'agent', 'identity', 'type']).line);
    expect(places).toEqual([14, 12]);
  });

  it('false leaves a role out, and a list names where it is', () => {
    const files = {
      'project.yaml': PROJECT,
      'one.yaml': `${ROLE.replace('s3-deploy', 'one')}environments: { prod: false }\n`,
      'two.yaml': `${ROLE.replace('s3-deploy', 'two')}environments: [prod]\n`,
      'all.yaml': ROLE.replace('s3-deploy', 'all'),
    };
    expect(resolved(files).map(({ roles }) => roles.map(({ name }) => name))).toEqual([
      ['all', 'one'],
      ['all', 'two'],
    ]);
  });
});

describe('places', () => {
  const [dev] = resolved(
    role('sensitive:\n  - action: s3:GetObject\n    because: It is read back.\ncompanions: kms\n'),
  );
  const found = dev?.roles[0];

  it.each([
    ['a value', ['name'], [2, 7, 16]],
    ['an item of a list', ['agents', 0], [6, 10, 15]],
    ['a key deep down', ['parameters', 'release', 'pattern'], [8, 23, 49]],
    ['a mapping in a list', ['sensitive', 0], [13, 5, 30]],
    ['what is not written: what would hold it', ['parameters', 'release', 'values', 3], [8, 12, 80]],
    ['what is written as one: the one', ['companions', 0], [15, 13, 16]],
    ['the whole document', [], [1, 1, 16]],
  ] as const)('of %s', (_, path, [line, column, endColumn]) => {
    expect(found?.locate(path)).toMatchObject({ file: 'role.yaml', line, column, endColumn });
  });

  it('are found after the folder is gone', () => {
    const { definitions } = inFolder({ 'p.yaml': PROJECT, 'r.yaml': ROLE }, (cwd) => loadDefinitions('.', { cwd }));
    expect(definitions?.environments[0]?.roles[0]?.locate(['access'])).toMatchObject({
      line: 4,
      text: 'access: write',
    });
  });
});
