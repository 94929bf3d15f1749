/** How people sign in, as written and as resolved; and which account at the issuer is which principal. */
import type { Broker } from '../../lib/definitions/model';
import { brief, load, PROJECT, ROLE } from './support';

const files = (broker: string, principals = '') => ({
  'project.yaml': PROJECT,
  'role.yaml': ROLE.replace('gate: mfa', 'gate: broker'),
  'broker.yaml': `kind: Broker\n${broker}`,
  ...(principals === '' ? {} : { 'people.yaml': principals }),
});

function broker(yaml: string): Broker | undefined {
  const { definitions, findings } = load(files(yaml));
  expect(brief(findings)).toEqual([]);
  return definitions?.environments[0]?.broker;
}

const complaints = (yaml: string, principals?: string) => brief(load(files(yaml, principals)).findings);

const EVERYBODY = 'groups: { requester: "*" }';
const POOL = `people: { signIn: { cognito: {} }, ${EVERYBODY} }\n`;
const OIDC = 'issuer: "https://login.example.com", clientId: console, nameClaim: login, groupsClaim: groups';
const issuer = (more = '') => `people: { signIn: { oidc: { ${OIDC}${more} } }, ${EVERYBODY} }\n`;

it('without people, nobody signs in with a browser', () => {
  expect(broker('')).not.toHaveProperty('people');
  expect(broker('')).not.toHaveProperty('console');
});

it('a user pool has strict defaults, and approvals need an IAM user with a code', () => {
  expect(broker(POOL)?.people).toEqual({
    signIn: {
      type: 'cognito',
      domain: 'hermes-dev-123456789012',
      passwordLength: 14,
      accessSeconds: 900,
      refreshSeconds: 28_800,
      redirects: [],
    },
    groups: { requester: '*', approver: [], administrator: [] },
  });
});

it('an issuer is called at its own addresses, and its tokens are for the client', () => {
  expect(broker(issuer())?.people?.signIn).toEqual({
    type: 'oidc',
    issuer: 'https://login.example.com',
    clientId: 'console',
    audience: 'console',
    scope: 'openid',
    nameClaim: 'login',
    groupsClaim: 'groups',
    algorithm: 'RS256',
    jwksUri: 'https://login.example.com/.well-known/jwks.json',
    accessSeconds: 900,
    mfa: {},
  });
});

it('templates are read, and MFA of the issuer is declared with its reason', () => {
  const more = ', audience: "api://${env.name}", mfa: issuer, because: Conditional access policy 12, accessToken: 30m';
  expect(broker(issuer(more))?.people?.signIn).toMatchObject({
    audience: 'api://dev',
    accessSeconds: 1800,
    mfa: { by: 'issuer', because: 'Conditional access policy 12' },
  });
});

it('the scope that is requested can differ from the scope in tokens', () => {
  const more = ', scope: leases, requestScope: "api://${env.name}/leases"';
  expect(broker(issuer(more))?.people?.signIn).toMatchObject({ scope: 'leases', requestScope: 'api://dev/leases' });
});

it('groups are sorted lists, whatever their form', () => {
  const groups = 'groups: { requester: [b, a], approver: "Platform Leads", administrator: [/security] }';
  expect(broker(`people: { signIn: { oidc: { ${OIDC} } }, ${groups}, approveWith: passkey }\n`)?.people).toMatchObject({
    groups: { requester: ['a', 'b'], approver: ['Platform Leads'], administrator: ['/security'] },
    approveWith: 'passkey',
  });
});

it('an environment replaces how people sign in', () => {
  const { definitions } = load(files(`${POOL}environments: { prod: { ${issuer().trim()} } }\n`));
  expect(definitions?.environments.map(({ broker: own }) => own?.people?.signIn.type)).toEqual(['cognito', 'oidc']);
});

it('a console has a domain and its certificate', () => {
  const arn = 'arn:aws:acm:${env.region}:${env.account}:certificate/0a-1';
  const console = `console: { domain: "leases.\${env.name}.example.com", certificate: "${arn}" }\n`;
  expect(broker(console)?.console).toEqual({
    domain: 'leases.dev.example.com',
    certificateArn: 'arn:aws:acm:ap-northeast-2:123456789012:certificate/0a-1',
  });
});

it('a console can have an assistant', () => {
  const console = `console: { domain: leases.example.com, certificate: "${CERTIFICATE}", assistant: "wss://chat.\${env.name}.example.com/v1" }\n`;
  expect(broker(`${console}environments: [dev]\n`)?.console?.assistant).toBe('wss://chat.dev.example.com/v1');
});

const CERTIFICATE = 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1';
const assistant = (address: string) =>
  `console: { domain: a.example.com, certificate: "${CERTIFICATE}", assistant: "${address}" }\nenvironments: [dev]\n`;
const domain = (name: string, arn = CERTIFICATE) =>
  `console: { domain: "${name}", certificate: "${arn}" }\nenvironments: [dev]\n`;

it.each([
  ['neither way to sign in', `people: { signIn: {}, ${EVERYBODY} }\n`, 'names no single way'],
  ['both ways', `people: { signIn: { cognito: {}, oidc: { ${OIDC} } }, ${EVERYBODY} }\n`, 'names no single way'],
  ['no groups', 'people: { signIn: { cognito: {} } }\n', 'groups'],
  [
    'everybody as approver',
    'people: { signIn: { cognito: {} }, groups: { requester: a, approver: "*" } }\n',
    'value of a group',
  ],
  [
    'a pattern of groups',
    'people: { signIn: { cognito: {} }, groups: { requester: "staff-*" } }\n',
    'value of a group',
  ],
  [
    'a group with a space in a user pool',
    'people: { signIn: { cognito: {} }, groups: { requester: "*", approver: "Platform Leads" } }\n',
    'without spaces',
  ],
  ['an approval by sign-in', `people: { signIn: { cognito: {} }, ${EVERYBODY}, approveWith: session }\n`, 'passkey'],
  ['self sign-up', `people: { signIn: { cognito: { selfSignUp: true } }, ${EVERYBODY} }\n`, 'selfSignUp'],
  ['optional MFA', `people: { signIn: { cognito: { mfa: optional } }, ${EVERYBODY} }\n`, 'mfa'],
  ['a short password', `people: { signIn: { cognito: { passwordLength: 8 } }, ${EVERYBODY} }\n`, '12'],
  ['a prefix with the name of AWS', `people: { signIn: { cognito: { domain: my-aws } }, ${EVERYBODY} }\n`, 'prefix'],
  ['an issuer without encryption', issuer().replace('https:', 'http:'), 'without encryption'],
  ['keys without encryption', issuer(', jwks: "http://login.example.com/keys"'), 'without encryption'],
  ['a client by wildcard', issuer(', audience: "*"'), 'wildcard'],
  ['a scope by wildcard', issuer(', scope: "le?se"'), 'wildcard'],
  ['a requested scope by wildcard', issuer(', requestScope: "api://*"'), 'wildcard'],
  ['an unsigned token', issuer(', algorithm: none'), 'RS256'],
  ['a shared secret', issuer(', algorithm: HS256'), 'RS256'],
  ['MFA of nobody', issuer(', mfa: optional'), 'issuer'],
  ['a domain with a scheme', domain('https://leases.example.com'), 'host name'],
  ['a domain with a wildcard', domain('*.example.com'), 'host name'],
  ['a domain with a port', domain('leases.example.com:443'), 'host name'],
  ['a domain with a path', domain('leases.example.com/console'), 'host name'],
  ['a domain of one label', domain('localhost'), 'host name'],
  ['an address in place of a name', domain('10.0.0.1'), 'host name'],
  [
    'a certificate of another region',
    domain('a.example.com', CERTIFICATE.replace('ap-northeast-2', 'us-east-1')),
    'region',
  ],
  ['an assistant without encryption', assistant('ws://chat.example.com'), 'wss'],
  ['an assistant at any host', assistant('wss://*.example.com'), 'one host name'],
  ['an assistant with a query', assistant('wss://chat.example.com?a=b'), 'without query'],
  ['something else than a certificate', domain('a.example.com', 'arn:aws:iam::123456789012:role/x'), 'region'],
])('refuses %s', (_, yaml, word) => {
  const { definitions, findings } = load(files(yaml));
  expect(definitions).toBeUndefined();
  expect(findings.map(({ message, expected, hint }) => [message, expected, hint].join(' ')).join('\n')).toContain(word);
});

const person = (name: string, more = '') => `kind: Principal\ntype: person\nname: ${name}\n${more}`;

it('an account belongs to one principal, and may not exist', () => {
  const { definitions, findings } = load(
    files(
      POOL,
      [person('alice', 'signIn: alice@example.com\n'), person('bob', 'signIn: false\n'), person('kim')].join('---\n'),
    ),
  );
  expect(brief(findings)).toEqual([]);
  const principals = definitions?.environments[0]?.principals ?? [];
  expect(principals.map(({ name, signIn }) => [name, signIn])).toEqual([
    ['alice', 'alice@example.com'],
    ['bob', false],
    ['kim', undefined],
  ]);
});

it.each([
  ['one account of two people', [person('alice', 'signIn: a@example.com\n'), person('bob', 'signIn: A@example.com\n')]],
  ['a template', [person('alice', 'signIn: "${env.name}"\n')]],
  ['a wildcard', [person('alice', 'signIn: "*"\n')]],
  ['an account of an agent', ['kind: Principal\ntype: agent\nname: agent\nsignIn: a\n']],
  ['yes', [person('alice', 'signIn: true\n')]],
])('refuses %s', (_, documents) => {
  expect(complaints(POOL, documents.join('---\n'))).toHaveLength(1);
});
