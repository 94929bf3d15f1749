/** Signing in: an IAM user, MFA, the person's own name; and nothing of it left behind. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { manifest } from '@leasehold/documents';
import type { Credentials } from '@leasehold/sandbox';
import { removeFolders } from '../support';
import { anOffice, aWaitingLease, type Office } from './support';

let office: Office;
beforeAll(async () => {
  office = await anOffice();
  await aWaitingLease(office);
});
afterAll(async () => {
  await office.stop();
  removeFolders();
});

const DEVICE = 'arn:aws:iam::123456789012:mfa/lead';
/** An environment in which the AWS SDK finds these credentials. */
const holding = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  ...defined({ AWS_SESSION_TOKEN: sessionToken }),
});
const assumptions = () => office.sandbox.log.events.filter(({ eventName }) => eventName === 'AssumeRole');

describe('an IAM user', () => {
  it('is asked for one code, and signs in under their own name, for a quarter of an hour', async () => {
    const before = office.asked();
    const { code, err } = await office.as('lead', 'leases');
    expect([code, office.asked() - before]).toEqual([0, 1]);
    expect(err).toContain(`MFA code of lead (${DEVICE}; hidden): `);
    expect(assumptions().at(-1)?.requestParameters).toMatchObject({
      roleArn: 'arn:aws:iam::123456789012:role/leasehold-people/hermes-dev-approver',
      roleSessionName: 'lead',
      serialNumber: DEVICE,
      durationSeconds: 900,
    });
  });

  it('leaves no code, key or token on the screen or on the disk', async () => {
    const typed: string[] = [];
    const { keys, device } = office.sandbox.person('oncall');
    const secret = async () => {
      office.sandbox.clock.advance(30);
      typed.push(device.code());
      return typed.at(-1);
    };
    const { code, out, err } = await office.as('oncall', 'leases --json', { keyboard: { secret } });
    expect(code).toBe(0);
    const files = readdirSync(office.folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(office.folder, name))
      .filter((path) => statSync(path).isFile());
    const left = [out, err, ...files.map((path) => readFileSync(path, 'utf8'))].join('\n');
    for (const held of [...typed, keys.secretAccessKey]) expect(left).not.toContain(held);
    expect(left).not.toMatch(/ASIA/);
  });

  it('is asked again for a code that AWS does not take, three times', async () => {
    const { code, err } = await office.as('lead', 'leases', { codes: ['98765', '000000', '111111', '222222'] });
    expect(code).toBe(1);
    expect(err.match(/MFA code of lead/g)).toHaveLength(3);
    expect(err).toMatch(/note: a code is six digits\n/);
    expect(err).toMatch(/note: AWS did not accept the code of \S+: each code is valid once, for 30 seconds\n/);
    expect(err).toMatch(
      /error: AWS did not accept the code.* \[denied\]\n {2}hint: {5}Start again with the next code\.\n$/,
    );
    for (const typed of ['98765', '000000', '111111']) expect(err).not.toContain(typed);
  });

  it('is asked once where the code comes from a pipe', async () => {
    const { code, err } = await office.as('lead', 'leases', { codes: ['000000', '111111'], columns: 0 });
    expect(code).toBe(1);
    expect(err.match(/MFA code of lead/g)).toHaveLength(1);
  });

  it('may say nothing', async () => {
    expect(await office.as('lead', 'leases', { codes: [undefined] })).toMatchObject({
      code: 1,
      err: expect.stringContaining('no code was given'),
    });
  });

  it.each([
    ['--mfa-serial', ['leases', '--mfa-serial', 'arn:aws:iam::123456789012:mfa/phone'], {}],
    ['LEASEHOLD_MFA_SERIAL', ['leases'], { LEASEHOLD_MFA_SERIAL: 'arn:aws:iam::123456789012:mfa/phone' }],
  ])('names another device with %s, and is told when it is none of theirs', async (_, line, env) => {
    const { code, err } = await office.as('lead', line, { env });
    expect(code).toBe(1);
    expect(err).toMatch(/mfa\/phone is not an MFA device of \S+:user\/lead that shows codes/);
    expect(err).toContain('--mfa-serial ARN, or LEASEHOLD_MFA_SERIAL');
  });

  it.each([
    ['approver', 'alice', 'leases', '`approvers` of the project'],
    ['administrator', 'lead', 'principals', 'say that you are an administrator'],
    ['requester', 'oncall', 'leases --mine', '`kind: Principal` name your user'],
  ])('who is no %s is told what would make them one', async (kind, name, line, hint) => {
    const { code, out, err } = await office.as(name, line);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      new RegExp(`AWS does not allow \\S+:user/${name} to assume \\S+/hermes-dev-${kind} \\[denied\\]`),
    );
    expect(err).toContain(hint);
  });

  it('signs in as another kind with --kind', async () => {
    expect(await office.as('root', 'leases --kind administrator')).toMatchObject({ code: 0 });
    expect(await office.as('root', 'leases --kind requester')).toMatchObject({ code: 2 });
  });
});

describe('a session', () => {
  it('in the role of the kind is used as it is, and nobody is asked for a code', async () => {
    const env = holding(await office.sandbox.signIn('lead', 'approver'));
    const [asked, assumed] = [office.asked(), assumptions().length];
    expect(await office.as('lead', 'leases', { env })).toMatchObject({ code: 0, err: '' });
    expect([office.asked(), assumptions().length]).toEqual([asked, assumed]);
  });

  it('in the role of another kind that will do is used, too', async () => {
    const env = holding(await office.sandbox.signIn('root', 'administrator'));
    expect(await office.as('root', 'leases', { env })).toMatchObject({ code: 0, err: '' });
  });

  it.each([
    ['of a kind that will not do', () => office.sandbox.signIn('lead', 'requester')],
    ['of the broker', async () => office.sandbox.platformCredentials('hermes-dev-broker')],
  ])('%s cannot sign in, and nobody is asked for a code', async (_, credentials) => {
    const asked = office.asked();
    const { code, err } = await office.as('lead', 'leases', { env: holding(await credentials()) });
    expect([code, office.asked()]).toEqual([1, asked]);
    expect(err).toMatch(/assumed-role\/\S+ cannot sign in as approver: this requires a person's own IAM user/);
  });

  it.each([
    ['signed in with MFA a moment ago', 0, 0],
    ['signed in with MFA two hours ago', 7200, 1],
  ])('of the user itself, which was %s, is asked for no code', async (_, seconds, expected) => {
    const { keys, device } = office.sandbox.person('lead');
    const { accessKeyId, secretAccessKey } = keys;
    const sts = new STSClient({
      endpoint: office.sandbox.url,
      region: office.sandbox.region,
      credentials: { accessKeyId, secretAccessKey },
    });
    office.sandbox.clock.advance(30);
    const { Credentials: issued } = await sts.send(
      new GetSessionTokenCommand({
        SerialNumber: device.serialNumber,
        TokenCode: device.code(),
        DurationSeconds: 36_000,
      }),
    );
    office.sandbox.clock.advance(seconds);
    const env = {
      AWS_ACCESS_KEY_ID: issued?.AccessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: issued?.SecretAccessKey ?? '',
      AWS_SESSION_TOKEN: issued?.SessionToken ?? '',
    };
    const asked = office.asked();
    const { code, err } = await office.as('lead', 'leases', { env });
    expect([code, office.asked()]).toEqual([expected, asked]);
    if (expected === 1) expect(err).toContain('temporary credentials must include MFA from the last hour');
  });
});

describe('nobody is asked for a code', () => {
  const refused = async (env: Record<string, string>) => {
    const asked = office.asked();
    const ran = await office.as('lead', 'leases', { env });
    expect(office.asked()).toBe(asked);
    return ran;
  };

  it('where an agent’s own key lies', async () => {
    const { code, err } = await refused(holding(office.sandbox.keys));
    expect(code).toBe(1);
    expect(err).toMatch(/user\/agents\/hermes-dev-agent cannot sign in as approver/);
  });

  it('where there are no credentials', async () => {
    const { code, err } = await refused({
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(code).toBe(2);
    expect(err).toMatch(/error: there are no AWS credentials to sign in with\n {2}expected: [\s\S]+--profile NAME/);
  });

  it('where AWS does not know them', async () => {
    const { code, err } = await refused({ AWS_ACCESS_KEY_ID: 'AKIAUNKNOWNUNKNOWN00' });
    expect(code).toBe(1);
    expect(err).toMatch(/AWS did not confirm who you are: it refused these credentials \(\w+\) \[denied\]/);
  });

  it('where AWS gives no answer', async () => {
    const { code, err } = await refused({ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' });
    expect(code).toBe(1);
    expect(err).toMatch(/there was no response \(\w+\) \[unavailable\]/);
  });

  it.each(['http://sts.example.com', 'https://sts.amazonaws.com'])(
    'where %s would hear it: in the clear, or outside the region',
    async (url) => {
      expect(await refused({ AWS_ENDPOINT_URL: url })).toMatchObject({
        code: 2,
        err: expect.stringContaining('is not an STS endpoint to which a code can be sent'),
      });
    },
  );

  it('for a broker that has no such people', async () => {
    const { broker, ...rest } = manifest(office.environment, office.url);
    const { requester } = broker?.people ?? {};
    const file = join(office.folder, 'without.json');
    writeFileSync(file, JSON.stringify({ ...rest, broker: { ...broker, people: { requester } } }));
    expect(await refused({ LEASEHOLD_MANIFEST: 'without.json' })).toMatchObject({
      code: 2,
      err: expect.stringContaining('nobody speaks to this broker as approver'),
    });
  });
});

it('AWS itself refuses another’s name: the session is called like the user, or there is none', async () => {
  const { keys, device } = office.sandbox.person('lead');
  const { accessKeyId, secretAccessKey } = keys;
  const { url: endpoint, region } = office.sandbox;
  const sts = new STSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
  office.sandbox.clock.advance(30);
  const RoleArn = 'arn:aws:iam::123456789012:role/leasehold-people/hermes-dev-approver';
  const mfa = { SerialNumber: device.serialNumber, TokenCode: device.code() };
  await expect(sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'oncall', ...mfa }))).rejects.toThrow();
});
