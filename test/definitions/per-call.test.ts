/** Actions that are approved call by call: the role for single calls that is derived, and what is refused. */
import type { Role } from '../../lib/definitions/model';
import { brief, load, PROJECT, ROLE } from './support';

const BUCKET = 'arn:aws:s3:::hermes-dev-deploy';
const allowing = (...resources: readonly string[]) =>
  `allow: [{ actions: ["s3:Get*", s3:DeleteObject], resources: ${JSON.stringify(resources)} }]\n`;
const HEAD = 'kind: Role\nname: files\npurpose: Change files.\naccess: delete\nagents: [agent]\n';

function roles(yaml: string): readonly Role[] {
  const { definitions, findings } = load({ 'project.yaml': PROJECT, 'role.yaml': yaml });
  expect(brief(findings)).toEqual([]);
  return definitions?.environments[0]?.roles ?? [];
}

const ids = (yaml: string) =>
  load({ 'project.yaml': PROJECT, 'role.yaml': yaml }).findings.map(({ id, at }) => `${id} ${at.line}`);

it('the leases of the role are denied the actions, on everything', () => {
  const [role] = roles(`${ROLE}perCall: s3:PutObject\n`);
  expect(role).toMatchObject({ name: 's3-deploy', perCall: { actions: ['s3:PutObject'], role: 's3-deploy-call' } });
  expect(role?.deny.at(-1)).toEqual({ actions: ['s3:PutObject'], resources: ['*'], conditions: {} });
  expect(role?.locate(['deny', 0])).toEqual(role?.locate(['perCall']));
});

it('a role for single calls permits only these actions, on the one resource that its parameter names', () => {
  const [, call] = roles(`${ROLE}perCall: s3:PutObject\n`);
  expect(call).toMatchObject({
    name: 's3-deploy-call',
    callOf: 's3-deploy',
    gates: ['mfa'],
    agents: ['agent'],
    lease: { defaultSeconds: 900, maxSeconds: 900 },
    allow: [{ actions: ['s3:PutObject'], resources: [`${BUCKET}/\${param.release}/\${param.call}`], conditions: {} }],
    deny: [],
    passes: [],
    assumes: [],
    waivers: [],
  });
  expect(call).not.toHaveProperty('perCall');
  expect(call?.parameters.map(({ name }) => name)).toEqual(['call', 'release']);
  expect(call?.parameters[0]?.pattern?.matches('app.js')).toBe(true);
  for (const wild of ['*', 'a?', '']) expect(call?.parameters[0]?.pattern?.matches(wild)).toBe(false);
});

it('only what the calls need is derived', () => {
  const [role, call] = roles(
    `${HEAD}gate: mfa\nparameters: { other: { description: One., values: [a] } }\ncompanions: sqs
allow:
  - { actions: [s3:ListBucket], resources: "${BUCKET}", conditions: { StringLike: { "s3:prefix": ["\${param.other}/*"] } } }
  - { actions: ["s3:Get*", "s3:Delete*"], resources: "${BUCKET}/tmp/*", conditions: { Bool: { "aws:SecureTransport": true } } }
deny:
  - { actions: s3:DeleteObject, resources: "${BUCKET}/tmp/kept/*" }
  - { actions: s3:GetObject, resources: "${BUCKET}/tmp/hidden/*" }
sensitive:
  - { action: s3:GetObject, because: It is read. }
perCall: [s3:DeleteObject, S3:deleteobject]
`.replace('S3:', 's3:'),
  );
  expect(role?.allow).toHaveLength(2);
  expect(call).toMatchObject({
    parameters: [{ name: 'call' }],
    allow: [
      {
        actions: ['s3:DeleteObject'],
        resources: [`${BUCKET}/tmp/\${param.call}`],
        conditions: { Bool: { 'aws:SecureTransport': ['true'] } },
      },
    ],
    deny: [{ actions: ['s3:DeleteObject'], resources: [`${BUCKET}/tmp/kept/*`] }],
    companions: [],
    sensitive: [],
  });
  expect(call?.locate(['allow', 0, 'actions', 0])).toEqual(role?.locate(['allow', 1]));
  expect(call?.locate(['parameters', 'call'])).toEqual(role?.locate(['perCall']));
});

it('of resources without wildcards, the parameter has their last parts as its values', () => {
  const table = (name: string) => `arn:aws:dynamodb:eu-west-1:123456789012:table/${name}`;
  const [, call] = roles(
    `${HEAD}gate: mfa\nallow: [{ actions: dynamodb:DeleteItem, resources: ["${table('b')}", "${table('a')}"] }]\nperCall: dynamodb:DeleteItem\n`,
  );
  expect(call?.allow[0]?.resources).toEqual([table('${param.call}')]);
  expect(call?.parameters).toMatchObject([{ name: 'call', values: ['a', 'b'] }]);
});

it.each([
  ['gate: broker\napproval: { humans: 0 }\n', 60, 1],
  ['gate: broker\napproval: { humans: 2 }\n', 60, 2],
  ['gate: [mfa, broker]\n', 900, 1],
])('with %j, a human approves each call', (gate, seconds, humans) => {
  const [role, call] = roles(`${HEAD}${gate}${allowing(`${BUCKET}/*`)}perCall: s3:DeleteObject\n`);
  expect(call?.lease).toEqual({ defaultSeconds: seconds, maxSeconds: seconds });
  expect(call?.broker).toEqual({ ...role?.broker, humans });
});

it('an environment can replace the actions', () => {
  const { definitions } = load({
    'project.yaml': PROJECT,
    'role.yaml': `${ROLE}environments: { dev: { perCall: s3:PutObject }, prod: {} }\n`,
  });
  expect(definitions?.environments.map((each) => each.roles.map(({ name }) => name))).toEqual([
    ['s3-deploy', 's3-deploy-call'],
    ['s3-deploy'],
  ]);
});

describe('refused is', () => {
  it.each<[string, string]>([
    ['*', 'per-call-resource 8'],
    [`${BUCKET}*/a*`, 'per-call-resource 8'],
    [`${BUCKET}/*/a`, 'per-call-resource 8'],
    [`${BUCKET}/a?`, 'per-call-resource 8'],
    [`${BUCKET}/\${lease.id}/*`, 'per-call-resource 8'],
    ['arn:aws:dynamodb:*:123456789012:table/a', 'per-call-resource 8'],
  ])('the resource %s', (resource, expected) => {
    expect(ids(`${HEAD}gate: mfa\n${allowing(resource)}perCall: s3:DeleteObject\n`)).toContain(expected);
  });

  it('a resource of several kinds', () => {
    const yaml = `${HEAD}gate: mfa\n${allowing(`${BUCKET}/a/*`, `${BUCKET}/b/*`)}perCall: s3:DeleteObject\n`;
    expect(ids(yaml)).toEqual(['per-call-resource 8']);
    expect(ids(yaml.replaceAll('/*', '/c'))).toEqual(['per-call-resource 8']);
  });

  it.each<[string, string, string, string]>([
    ['a second action on another resource', 's3:PutObject', 'b', 's3:DeleteObject, s3:PutObject'],
    ['a second action on some of the resources', 's3:PutObject', 'a', 's3:DeleteObject, s3:PutObject'],
    ['the same action on another resource', '"s3:Delete*"', 'b', 's3:DeleteObject'],
  ])('%s', (_, action, end, perCall) => {
    const statements = (resources: string) => `allow:
  - { actions: s3:DeleteObject, resources: ["${BUCKET}/a", "${BUCKET}/c"] }
  - { actions: ${action}, resources: [${resources}], conditions: { Bool: { "aws:SecureTransport": true } } }
perCall: [${perCall}]
`;
    const found = (resources: string) => ids(`${HEAD}gate: mfa\n${statements(resources)}`);
    expect(found(`"${BUCKET}/${end}"`)).toEqual(['per-call-resource 10']);
    expect(found(`"${BUCKET}/c", "${BUCKET}/a"`)).toEqual([]);
  });

  it('a condition with the session tag of the parameter', () => {
    const conditions = 'conditions: { StringLike: { "aws:principaltag/param.call": a } }';
    const deny = `deny: [{ actions: s3:GetObject, resources: "*", ${conditions} }]\n`;
    expect(ids(`${HEAD}gate: mfa\n${allowing(`${BUCKET}/*`)}${deny}perCall: s3:DeleteObject\n`)).toEqual([
      'per-call-parameter 9',
    ]);
  });

  it.each<[string, string, string]>([
    ['an action that the role does not permit', 's3:PutObject', 'per-call-action'],
    ['a pattern of actions', '"s3:Delete*"', 'wrong-value'],
    ['no action', '[]', 'wrong-type'],
  ])('%s', (_, written, id) => {
    const found = ids(`${HEAD}gate: mfa\n${allowing(`${BUCKET}/*`)}perCall: ${written}\n`);
    expect(found.map((each) => each.split(' ')[0])).toEqual([id]);
  });

  it('another parameter of the same name', () => {
    const own = 'parameters: { call: { description: One., values: [a] } }\n';
    expect(ids(`${HEAD}gate: mfa\n${own}${allowing(`${BUCKET}/\${param.call}/*`)}perCall: s3:DeleteObject\n`)).toEqual([
      'per-call-parameter 7',
    ]);
  });

  it.each([
    'sql: { limits: One. }',
    'managedPolicies: [{ arn: "arn:aws:iam::aws:policy/SecurityAudit", because: One. }]',
  ])('a role with %s', (more) => {
    const found = ids(`${HEAD}gate: mfa\n${allowing(`${BUCKET}/*`)}perCall: s3:DeleteObject\n${more}\n`);
    expect(found).toContain('per-call-with 8');
  });

  it('a second role of that name', () => {
    const other = ROLE.replace('name: s3-deploy', 'name: s3-deploy-call');
    expect(ids(`${ROLE}perCall: s3:PutObject\n---\n${other}`)).toEqual(['per-call-name 12']);
  });

  it('a name that is too long with its end', () => {
    const found = (name: string) => ids(`${ROLE.replace('name: s3-deploy', `name: ${name}`)}perCall: s3:PutObject\n`);
    expect(found('upload-of-all-the-releases')).toEqual([]);
    expect(found('upload-of-all-the-releases-')).toEqual(['wrong-value 2']);
    expect(found('upload-of-all-the-releases1')).toEqual(['per-call-name 12']);
  });
});
