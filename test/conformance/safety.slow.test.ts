/** A run touches nothing but its own probes, and leaves nothing: after an error, an interruption, or a kill. */
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListPoliciesCommand,
  ListRolesCommand,
  ListUsersCommand,
  ListVirtualMFADevicesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import {
  cleanProbes,
  conform,
  conformancePolicy,
  isConformant,
  PROBE_PATH,
  reportJson,
  reportMarkdown,
} from '@leasehold/conformance';
import { Credentials, type Sandbox } from '@leasehold/sandbox';
import { TotpDevice } from '../../lib/conformance/totp-device';
import { MfaDevice } from '../../lib/sandbox/account/mfa-device';
import { AccessKeys } from '../../lib/sandbox/credentials/access-keys';
import { Sessions } from '../../lib/sandbox/credentials/sessions';
import { plain } from '../sandbox/support/sandbox';
import { ACCOUNT, anAccount, optionsFor } from './support/sandboxed';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await anAccount();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await sandbox.stop();
});

const iam = () =>
  new IAMClient({ endpoint: sandbox.url, region: 'us-east-1', credentials: plain(sandbox.administrator) });

/** Everything in the account's IAM, by ARN or serial number. */
async function inventory(): Promise<readonly string[]> {
  const client = iam();
  const { Users = [] } = await client.send(new ListUsersCommand({}));
  const { Roles = [] } = await client.send(new ListRolesCommand({}));
  const { Policies = [] } = await client.send(new ListPoliciesCommand({ Scope: 'Local' }));
  const { VirtualMFADevices = [] } = await client.send(new ListVirtualMFADevicesCommand({}));
  client.destroy();
  const arns = [...Users, ...Roles, ...Policies].map(({ Arn = '' }) => Arn);
  return [...arns, ...VirtualMFADevices.map(({ SerialNumber = '' }) => SerialNumber)].sort();
}

/** Operations of IAM that change something. */
const CHANGES = /^(Create|Delete|Put|Attach|Detach|Tag|Untag|Enable|Deactivate|Update|Add|Remove)/;

it('refuses credentials of another account, and has done nothing then', async () => {
  const run = conform(optionsFor(sandbox, { account: '210987654321' }));
  await expect(run).rejects.toMatchObject({ code: 'other-account' });
  await expect(cleanProbes(optionsFor(sandbox, { account: '210987654321' }))).rejects.toMatchObject({
    code: 'other-account',
  });
  await expect(conform(optionsFor(sandbox, { account: '1' }))).rejects.toMatchObject({ code: 'account' });
  await expect(conform(optionsFor(sandbox, { only: ['nothing'] }))).rejects.toMatchObject({ code: 'unknown-probe' });
  expect([...new Set(sandbox.log.events.map(({ eventName }) => eventName))]).toEqual(['GetCallerIdentity']);
});

it('changes nothing outside the path of the probes, and every identity has a boundary', async () => {
  const before = await inventory();
  sandbox.log.clear();
  const names = new Set<string>();
  for (let run = 0; run < 2; run++) {
    const report = await conform(optionsFor(sandbox, { only: ['role-tags-in-running-sessions', 'scoped-issue-time'] }));
    expect(report.run).toMatch(/^lhp[0-9a-f]{16}$/);
    names.add(report.run ?? '');
  }
  expect(names.size).toBe(2);
  const changes = sandbox.log.events.filter(
    ({ eventSource, eventName }) => eventSource === 'iam.amazonaws.com' && CHANGES.test(eventName),
  );
  expect(changes.length).toBeGreaterThan(100);
  for (const { eventName, errorCode, decisions, requestParameters } of changes) {
    if (errorCode !== undefined) continue;
    const resources = decisions.map(({ resource }) => resource);
    expect({ eventName, resources, outside: resources.filter((arn) => !arn.includes(PROBE_PATH)) }).toEqual({
      eventName,
      resources,
      outside: [],
    });
    if (!/^Create(User|Role)$/.test(eventName)) continue;
    expect(requestParameters).toMatchObject({
      path: PROBE_PATH,
      permissionsBoundary: expect.stringContaining(`:policy${PROBE_PATH}lhp`),
    });
  }
  expect(await inventory()).toEqual(before);
});

/** Makes the n-th call that changes something fail, as if AWS refused it or gave no answer. */
function failing(at: number, kind: 'before' | 'after') {
  let changes = 0;
  const options = optionsFor(sandbox, { only: ['account-quotas'] });
  const send = IAMClient.prototype.send;
  jest.spyOn(IAMClient.prototype, 'send').mockImplementation(async function (this: IAMClient, ...args: never[]) {
    const [command] = args as unknown as [{ readonly constructor: { readonly name: string } }];
    const creates = /^(Create|Put|Enable)/.test(command.constructor.name);
    if (!creates || ++changes !== at) return Reflect.apply(send, this, args);
    if (kind === 'after') await Reflect.apply(send, this, args);
    throw Object.assign(new Error('connection lost'), { name: 'AccessDenied' });
  } as never);
  return { options, count: () => changes };
}

it.each(
  [1, 4, 8, 9, 10, 11, 13, 15, 25, 40, 44, 46, 50, 52].flatMap((at) => [
    [at, 'before'] as const,
    [at, 'after'] as const,
  ]),
)('an error at the change %i, %s AWS made it, leaves nothing', async (at, kind) => {
  const before = await inventory();
  const { options, count } = failing(at, kind);
  await expect(conform(options)).rejects.toMatchObject({ code: 'refused' });
  expect(count()).toBeGreaterThanOrEqual(at);
  expect(await inventory()).toEqual(before);
});

/** Intercepts calls of IAM. `change` answers a call itself, or returns `undefined`. */
function intercepting(change: (name: string, send: () => Promise<unknown>) => Promise<unknown> | undefined) {
  const send = IAMClient.prototype.send;
  return jest.spyOn(IAMClient.prototype, 'send').mockImplementation(async function (this: IAMClient, ...args: never[]) {
    const [command] = args as unknown as [{ readonly constructor: { readonly name: string } }];
    const sent = () => Reflect.apply(send, this, args) as Promise<unknown>;
    return (change(command.constructor.name.replace(/Command$/, ''), sent) ?? sent()) as never;
  } as never);
}

it('what cannot be checked counts as left', async () => {
  intercepting((name) =>
    name === 'ListRoles' ? Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' })) : undefined,
  );
  const report = await conform(optionsFor(sandbox, { only: ['account-quotas'] }));
  expect(report.probed.map(({ verdict }) => verdict)).toEqual(['holds']);
  expect(report.left.length).toBeGreaterThan(30);
  expect(report.left[0]?.why).toMatch(/^whether it is removed cannot be checked: iam:ListRoles failed/);
  expect(isConformant(report)).toBe(false);
  expect(reportMarkdown(report)).not.toContain('Everything that the run created was removed.');
});

it('a listing that fails once is repeated', async () => {
  let failed = 0;
  intercepting((name) =>
    name === 'ListRoles' && failed++ === 0
      ? Promise.reject(Object.assign(new Error('no'), { name: 'AccessDenied' }))
      : undefined,
  );
  const report = await conform(optionsFor(sandbox, { only: ['account-quotas'] }));
  expect([failed > 1, report.left, isConformant(report)]).toEqual([true, [], true]);
});

it.each(['CreateUser', 'CreateRole', 'CreatePolicy'])(
  'what a lost %s creates after everything was removed is removed, too',
  async (lost) => {
    const before = await inventory();
    let late: (() => Promise<unknown>) | undefined;
    let [creates, listings] = [0, 0];
    intercepting((name, send) => {
      if (name === lost && ++creates === 2) {
        late = send;
        return Promise.reject(Object.assign(new Error('lost'), { name: 'AccessDenied' }));
      }
      // The last call of a look: the first look has found nothing by then.
      if (name !== 'ListVirtualMFADevices' || ++listings > 1) return undefined;
      return send().then(async (answer) => {
        await late?.();
        return answer;
      });
    });
    await expect(conform(optionsFor(sandbox, { only: ['account-quotas'] }))).rejects.toMatchObject({ code: 'refused' });
    expect(listings).toBeGreaterThan(1);
    jest.restoreAllMocks();
    expect(await inventory()).toEqual(before);
  },
);

it('a code that AWS does not accept when a device is enabled is replaced by a later one', async () => {
  const send = IAMClient.prototype.send;
  let refused = 0;
  jest.spyOn(IAMClient.prototype, 'send').mockImplementation(async function (this: IAMClient, ...args: never[]) {
    const [command] = args as unknown as [{ readonly constructor: { readonly name: string } }];
    if (command.constructor.name === 'EnableMFADeviceCommand' && refused < 2) {
      refused += 1;
      throw Object.assign(new Error('wrong'), { name: 'InvalidAuthenticationCodeException' });
    }
    return Reflect.apply(send, this, args);
  } as never);
  const report = await conform(optionsFor(sandbox, { only: ['mfa-code-once'] }));
  expect([refused, report.probed[0]?.verdict, report.left]).toEqual([2, 'holds', []]);
});

it.each([
  'creating the probe identities',
  'waiting until they can be used',
  'trying mfa-code-once',
  'trying scoped-chain',
])('an interruption while %s leaves nothing, and the report says so', async (step) => {
  const before = await inventory();
  const stop = new AbortController();
  const onStep = (now: string) => {
    if (now === step) stop.abort();
  };
  const only = ['mfa-code-once', 'scoped-chain'];
  const report = await conform(optionsFor(sandbox, { only, signal: stop.signal, onStep }));
  expect(report).toMatchObject({ interrupted: true, left: [] });
  expect(report.probed.map(({ probe }) => probe.id)).toEqual(only);
  expect(report.probed.at(-1)).toMatchObject({ verdict: 'not run', because: 'The run was interrupted.' });
  expect(await inventory()).toEqual(before);
});

it('what cannot be removed is named, and `cleanProbes` removes it later', async () => {
  const before = await inventory();
  const send = IAMClient.prototype.send;
  const spy = jest.spyOn(IAMClient.prototype, 'send').mockImplementation(async function (
    this: IAMClient,
    ...args: never[]
  ) {
    const [command] = args as unknown as [{ readonly constructor: { readonly name: string } }];
    if (/^Delete(User|Role|Policy|VirtualMFADevice)Command/.test(command.constructor.name)) {
      throw Object.assign(new Error('no'), { name: 'AccessDenied' });
    }
    return Reflect.apply(send, this, args);
  } as never);
  const { left, run } = await conform(optionsFor(sandbox, { only: ['account-quotas'] }));
  spy.mockRestore();
  expect(new Set(left.map(({ kind }) => kind))).toEqual(new Set(['device', 'user', 'role', 'policy']));
  expect(left.every(({ name }) => name.startsWith(`${run}-`))).toBe(true);
  const cleaned = await cleanProbes(optionsFor(sandbox));
  expect(cleaned.removed.map((text) => text.split(' ')[1]).sort()).toEqual(left.map(({ name }) => name).sort());
  expect(cleaned).toMatchObject({ left: [], foreign: [] });
  expect(await inventory()).toEqual(before);
});

it('a cleaning leaves alone what no run created', async () => {
  const client = iam();
  const trust = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  });
  const role = (RoleName: string, Path: string) =>
    client.send(new CreateRoleCommand({ RoleName, Path, AssumeRolePolicyDocument: trust }));
  const probe = 'lhp0123456789abcdef-p';
  await client.send(new CreateUserCommand({ UserName: `${probe}-agent`, Path: '/people/' }));
  await client.send(new CreateUserCommand({ UserName: `${probe}-operator`, Path: `${PROBE_PATH}deeper/` }));
  await client.send(new CreateUserCommand({ UserName: 'alice', Path: PROBE_PATH }));
  await role(`${probe}-lease`, '/');
  await role('lhp0123456789ABCDEF-p-other', PROBE_PATH);
  const others = await inventory();
  await role(`${probe}-mfa`, PROBE_PATH);
  client.destroy();
  const { removed, foreign } = await cleanProbes(optionsFor(sandbox));
  expect(removed).toEqual([`role ${probe}-mfa`]);
  expect([...foreign].sort()).toEqual(['role lhp0123456789ABCDEF-p-other', 'user alice']);
  expect(await inventory()).toEqual(others);
});

it('no key, token, seed or code is in the report, in a step, or in an error', async () => {
  const secrets = new Set<string>();
  const create = AccessKeys.prototype.create;
  jest.spyOn(AccessKeys.prototype, 'create').mockImplementation(function (this: AccessKeys, owner) {
    const key = Reflect.apply(create, this, [owner]);
    secrets.add(key.secretAccessKey).add(key.accessKeyId);
    return key;
  });
  const issue = Sessions.prototype.issue;
  jest.spyOn(Sessions.prototype, 'issue').mockImplementation(function (this: Sessions, session) {
    const key = Reflect.apply(issue, this, [session]);
    secrets.add(key.secretAccessKey).add(key.accessKeyId);
    if (key.sessionToken) secrets.add(key.sessionToken);
    return key;
  });
  const seed = MfaDevice.prototype.seed;
  jest.spyOn(MfaDevice.prototype, 'seed').mockImplementation(function (this: MfaDevice) {
    const text = Reflect.apply(seed, this, []);
    secrets.add(text).add(Buffer.from(text).toString('base64'));
    return text;
  });
  const codes = new Set<string>();
  const codeAt = TotpDevice.prototype.codeAt;
  jest.spyOn(TotpDevice.prototype, 'codeAt').mockImplementation(function (this: TotpDevice, step) {
    const code = Reflect.apply(codeAt, this, [step]);
    codes.add(code);
    return code;
  });
  const texts: string[] = [];
  const report = await conform(optionsFor(sandbox, { onStep: (step) => texts.push(step) }));
  texts.push(JSON.stringify(report), reportMarkdown(report), JSON.stringify(reportJson(report)));
  expect(secrets.size).toBeGreaterThan(60);
  expect(codes.size).toBeGreaterThan(10);
  for (const text of texts) {
    for (const secret of secrets) expect(text.includes(secret)).toBe(false);
    for (const code of codes) expect(new RegExp(`(?<!\\d)${code}(?!\\d)`).test(text)).toBe(false);
  }
  expect(texts.at(-1)).toContain(ACCOUNT);
});

it('the printed policy is enough for a run and a cleaning, and permits no change outside the path', async () => {
  const client = iam();
  await client.send(new CreateUserCommand({ UserName: 'runner' }));
  const PolicyDocument = JSON.stringify(conformancePolicy(ACCOUNT));
  await client.send(new PutUserPolicyCommand({ UserName: 'runner', PolicyName: 'run', PolicyDocument }));
  const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: 'runner' }));
  client.destroy();
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  };
  const configure = () => ({ endpoint: sandbox.url, credentials });
  const report = await conform(optionsFor(sandbox, { configure }));
  const tried = report.probed.filter(({ verdict }) => verdict !== 'not run');
  expect(tried.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  expect(tried.length).toBeGreaterThan(20);
  expect(await cleanProbes(optionsFor(sandbox, { configure }))).toEqual({
    removed: [],
    left: [],
    foreign: [],
    otherHosts: ['127.0.0.1'],
  });
  const held = new Credentials(credentials);
  for (const action of [
    'iam:CreateUser',
    'iam:DeleteRole',
    'iam:PutRolePolicy',
    'iam:CreateAccessKey',
    'iam:TagRole',
  ]) {
    const kind = /Role/.test(action) ? 'role' : 'user';
    const may = (path: string) => sandbox.may(held, action, `arn:aws:iam::${ACCOUNT}:${kind}${path}x`);
    expect([action, may(PROBE_PATH), may('/'), may('/agents/'), may('/leasehold-probed/')]).toEqual([
      action,
      true,
      false,
      false,
      false,
    ]);
  }
});
