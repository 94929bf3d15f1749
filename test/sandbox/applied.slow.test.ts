/** What Terraform applied is read over IAM's API, whole or not at all. A sandbox stands in for the server behind. */
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SandboxError, startSandbox } from '@leasehold/sandbox';
import { accountsOf } from '../../lib/sandbox/load/definitions';
import { definitions } from '../support/environment';
import { DEV } from './support/sandbox';

const [ACCOUNT] = accountsOf(definitions(DEV));

/** Answers of IAM by action; a function of the parameters, or a text. */
type Answers = Readonly<Record<string, (parameters: URLSearchParams) => string>>;

let server: Server;
let answers: Answers;
/** The answer to everything, where a test sets it. */
let page: string | undefined;
let seen: IncomingHttpHeaders[] = [];

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const parameters = new URLSearchParams(body);
    const action = parameters.get('Action') ?? '';
    const answer = answers[action];
    seen.push(request.headers);
    if (page !== undefined) {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
      return;
    }
    response.writeHead(answer ? 200 : 400, { 'content-type': 'text/xml' });
    response.end(
      answer ? `<${action}Response><${action}Result>${answer(parameters)}</${action}Result></${action}Response>` : '',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  page = undefined;
});
afterAll(() => server.close());

const list = (name: string, items: readonly string[]) =>
  `<${name}>${items.map((item) => `<member>${item}</member>`).join('')}</${name}><IsTruncated>false</IsTruncated>`;
const encoded = (document: unknown) => encodeURIComponent(JSON.stringify(document));
const user = ACCOUNT?.users.get('hermes-dev-agent');
const role = ACCOUNT?.roles.get('hermes-dev-s3-deploy');
const describeUser = `<UserName>${user?.name}</UserName><Path>${user?.path}</Path><Arn>${user?.arn}</Arn>`;
const describeRole = `<RoleName>${role?.name}</RoleName><Path>${role?.path}</Path><Arn>${role?.arn}</Arn>`;
const boundary = (arn: string | undefined) =>
  `<PermissionsBoundary><PermissionsBoundaryArn>${arn}</PermissionsBoundaryArn></PermissionsBoundary>`;
const ours = [...(ACCOUNT?.policies.values() ?? [])].filter(({ arn }) => !arn.includes(':aws:policy'));

/** A server that has the account of the definitions. */
const COMPLETE: Answers = {
  ListUsers: () => list('Users', [describeUser]),
  ListRoles: () => list('Roles', [describeRole, '<RoleName>x</RoleName><Path>/aws-service-role/</Path>']),
  ListPolicies: (parameters) => {
    const [first, ...rest] = ours.map(
      ({ name, path, arn }) =>
        `<PolicyName>${name}</PolicyName><Path>${path}</Path><Arn>${arn}</Arn><DefaultVersionId>v1</DefaultVersionId>`,
    );
    if (parameters.get('Marker') === 'more') return list('Policies', rest);
    return `<Policies><member>${first}</member></Policies><IsTruncated>true</IsTruncated><Marker>more</Marker>`;
  },
  GetPolicyVersion: (parameters) =>
    `<PolicyVersion><Document>${encoded(ACCOUNT?.policies.get(parameters.get('PolicyArn') ?? '')?.document)}</Document></PolicyVersion>`,
  GetUser: () => `<User>${describeUser}${boundary(user?.boundary)}</User>`,
  GetRole: () =>
    `<Role>${describeRole}${boundary(role?.boundary)}<AssumeRolePolicyDocument>${encoded(role?.trust)}</AssumeRolePolicyDocument><MaxSessionDuration>3600</MaxSessionDuration></Role>`,
  ListGroupsForUser: () => list('Groups', []),
  ListUserPolicies: () => list('PolicyNames', []),
  ListRolePolicies: () => list('PolicyNames', ['s3-deploy']),
  GetRolePolicy: () => `<PolicyDocument>${encoded(role?.inline.get('s3-deploy'))}</PolicyDocument>`,
  ListAttachedUserPolicies: () =>
    list(
      'AttachedPolicies',
      (user?.attached ?? []).map((arn) => `<PolicyArn>${arn}</PolicyArn>`),
    ),
  ListAttachedRolePolicies: () => list('AttachedPolicies', []),
};

/** A server whose answer to one action differs in one place. */
function whole(action: string, part: string, other: string): Answers {
  const answer = COMPLETE[action]?.(new URLSearchParams()) ?? '';
  if (!answer.includes(part)) throw new Error(`${action} has no ${part}`);
  return { ...COMPLETE, [action]: () => answer.replace(part, other) };
}

/** The listings, each by what it lists. */
const LISTS = {
  ListUsers: 'Users',
  ListRoles: 'Roles',
  ListPolicies: 'Policies',
  ListGroupsForUser: 'Groups',
  ListUserPolicies: 'PolicyNames',
  ListRolePolicies: 'PolicyNames',
  ListAttachedUserPolicies: 'AttachedPolicies',
  ListAttachedRolePolicies: 'AttachedPolicies',
} as const;

const start = () =>
  startSandbox({
    source: { applied: { account: '123456789012', region: 'ap-northeast-2' } },
    backing: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });

it('opens and confines a role exactly as the definitions do', async () => {
  answers = COMPLETE;
  const sandbox = await start();
  const lease = await sandbox.lease('hermes-dev-s3-deploy', { parameters: { release: '1.4.2' } });
  const may = (path: string) => sandbox.may(lease, 's3:PutObject', `arn:aws:s3:::hermes-dev-deploy/${path}`);
  expect([may('1.4.2/a'), may('1.4.1/a')]).toEqual([true, false]);
  await expect(sandbox.lease('hermes-dev-s3-deploy')).rejects.toThrow('AccessDenied');
  await sandbox.stop();
});

it.each<[string, Answers]>([
  ['a call that the server does not answer', { ...COMPLETE, GetRolePolicy: undefined as never }],
  ['a policy that cannot be read', { ...COMPLETE, GetRolePolicy: () => '<PolicyDocument>x</PolicyDocument>' }],
  [
    'a policy without statements',
    { ...COMPLETE, GetRolePolicy: () => `<PolicyDocument>${encoded({ Version: '2012-10-17' })}</PolicyDocument>` },
  ],
  [
    'an attached policy that is not there',
    {
      ...COMPLETE,
      ListAttachedRolePolicies: () =>
        list('AttachedPolicies', ['<PolicyArn>arn:aws:iam::aws:policy/NoSuchAccess</PolicyArn>']),
    },
  ],
  ['a user in a group', { ...COMPLETE, ListGroupsForUser: () => list('Groups', ['<GroupName>staff</GroupName>']) }],
  [
    'an account to which nothing was applied',
    { ...COMPLETE, ListUsers: () => list('Users', []), ListRoles: () => list('Roles', []) },
  ],
  ['an answer that is no XML', { ...COMPLETE, ListUsers: () => '<Users><member></Users>' }],
  ['a role whose longest session is no number', whole('GetRole', '3600', 'an hour')],
  ['a role without a path', whole('GetRole', '<Path>/leasehold/hermes-dev/</Path>', '')],
  ['a boundary without an ARN', whole('GetUser', `${boundary(user?.boundary)}`, boundary(''))],
])('does not start with %s', async (_, served) => {
  answers = served;
  await expect(start()).rejects.toThrow(SandboxError);
});

describe.each(Object.entries(LISTS))('does not start when %s', (action, name) => {
  it.each([
    ['leaves out the list', '<IsTruncated>false</IsTruncated>'],
    ['leaves open whether there is more', `<${name}/>`],
    ['promises more, and does not tell where', `<${name}/><IsTruncated>true</IsTruncated>`],
    ['is the same page for ever', `<${name}/><IsTruncated>true</IsTruncated><Marker>again</Marker>`],
    ['is empty', ''],
  ])('%s', async (_, answer) => {
    answers = { ...COMPLETE, [action]: () => answer };
    await expect(start()).rejects.toThrow(`answer to ${action} cannot be read, or is incomplete`);
  });
});

it('takes the answer of another program for no account', async () => {
  answers = {};
  page = '<html><body>It works</body></html>';
  await expect(start()).rejects.toThrow('answer to ListUsers cannot be read, or is incomplete');
});

it('names what the server refused, and a server that is not there', async () => {
  answers = {};
  await expect(start()).rejects.toMatchObject({
    name: 'SandboxError',
    message: 'The backing server answered ListUsers with 400',
  });
  const source = { applied: { account: '123456789012', region: 'ap-northeast-2' } };
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
  const backing = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
  await new Promise((resolve) => gone.close(resolve));
  await expect(startSandbox({ source, backing })).rejects.toMatchObject({
    name: 'SandboxError',
    message: 'The backing server cannot be reached',
  });
});

it('asks for the account that it was given, and for nothing with a signature that opens AWS', async () => {
  answers = COMPLETE;
  seen = [];
  await (await start()).stop();
  expect(new Set(seen.map((headers) => headers['x-moto-account-id']))).toEqual(new Set(['123456789012']));
  expect(seen.every(({ authorization = '' }) => authorization.includes('Credential=AKIAIOSFODNN7EXAMPLE/'))).toBe(true);
});

it('does not start without a server to read from', async () => {
  const source = { applied: { account: '123456789012', region: 'ap-northeast-2' } };
  await expect(startSandbox({ source })).rejects.toThrow('There is no backing server to read from');
});
