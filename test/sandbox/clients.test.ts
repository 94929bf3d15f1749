/** The AWS SDK for JavaScript against the sandbox, as a project's own tests would use it. */
import { Readable } from 'node:stream';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  CreateVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  GetRoleCommand,
  IAMClient,
  ListMFADevicesCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import { GetObjectCommand, ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { defined } from '@leasehold/contract/defined';
import type { Sandbox } from '@leasehold/sandbox';
import { TOTP } from 'otpauth';
import { aLease, aSandbox, clientOf, leaseInput, plain } from './support/sandbox';

let sandbox: Sandbox;
let lease: Awaited<ReturnType<typeof aLease>>;

beforeEach(async () => {
  sandbox = await aSandbox();
  lease = await aLease(sandbox);
});
afterEach(() => sandbox.stop());

const leased = () => ({ ...clientOf(sandbox), credentials: lease });
const Bucket = 'hermes-dev-deploy';

describe('S3', () => {
  it.each([
    ['a text', () => 'hello', undefined],
    [
      'a stream in signed or checksummed chunks',
      () => Readable.from([Buffer.alloc(70_000, 'a'), Buffer.alloc(70_000, 'b')]),
      140_000,
    ],
    ['nothing', () => '', undefined],
  ])('uploads %s inside the release', async (_, body, length) => {
    const s3 = new S3Client(leased());
    const { $metadata } = await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: '1.4.2/a file+ünïcode(1)!*.js',
        Body: body(),
        ...defined({ ContentLength: length }),
      }),
    );
    expect($metadata.httpStatusCode).toBe(200);
    expect(sandbox.log.last?.decisions[0]?.resource).toBe(`arn:aws:s3:::${Bucket}/1.4.2/a file+ünïcode(1)!*.js`);
  });

  it('is refused outside it, and the client throws what it would at AWS', async () => {
    const s3 = new S3Client(leased());
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: '1.4.1/app.js', Body: 'x' }))).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('because no identity-based policy allows the s3:PutObject action'),
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('takes presigned URLs for what they were signed for, while they last', async () => {
    const s3 = new S3Client(leased());
    const good = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: '1.4.2/app.js' }), { expiresIn: 60 });
    const bad = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: '1.4.1/app.js' }), { expiresIn: 60 });
    expect((await fetch(good)).status).toBe(200);
    expect((await fetch(bad)).status).toBe(403);
    expect((await fetch(good, { method: 'DELETE' })).status).toBe(403);
    expect((await fetch(good.replace('1.4.2/app.js', '1.4.2/other.js'))).status).toBe(403);
    expect((await fetch(good.replace('X-Amz-Expires=60', 'X-Amz-Expires=600'))).status).toBe(403);
    const past = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: '1.4.2/app.js' }), {
      expiresIn: 60,
      signingDate: new Date(Date.now() - 120_000),
    });
    expect(await (await fetch(past)).text()).toContain('Request has expired');
  });

  it('refuses the agent itself everything', async () => {
    await expect(new S3Client(clientOf(sandbox)).send(new ListBucketsCommand())).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a permissions boundary'),
    });
  });
});

it('DynamoDB and EC2 clients throw their own denials', async () => {
  const get = new GetItemCommand({ TableName: 't', Key: { id: { S: '1' } } });
  await expect(new DynamoDBClient(leased()).send(get)).rejects.toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('not authorized to perform: dynamodb:GetItem'),
  });
  await expect(new EC2Client(leased()).send(new DescribeInstancesCommand())).rejects.toMatchObject({
    name: 'UnauthorizedOperation',
    message: expect.stringMatching(/^You are not authorized to perform this operation\. User: /),
  });
});

it('a client whose lease is over gets ExpiredToken, whatever its own clock says', async () => {
  sandbox.clock.advance(901);
  await expect(new STSClient(leased()).send(new GetCallerIdentityCommand())).rejects.toMatchObject({
    name: 'ExpiredToken',
    message: 'The security token included in the request is expired',
  });
});

it('credentials of GetSessionToken open no role, with MFA or without', async () => {
  const sts = new STSClient(clientOf(sandbox));
  sandbox.clock.advance(30);
  const device = sandbox.enrolMfaDevice();
  const { Credentials } = await sts.send(
    new GetSessionTokenCommand({ SerialNumber: device.serialNumber, TokenCode: device.code() }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
  const { SerialNumber: _, TokenCode: __, ...input } = leaseInput(sandbox, { RoleSessionName: 'lh-2' });
  const client = new STSClient({ ...clientOf(sandbox), credentials });
  await expect(client.send(new AssumeRoleCommand(input))).rejects.toMatchObject({ name: 'AccessDenied' });
});

it('an administrator enrols a device as AWS documents it, and reads what is deployed', async () => {
  const iam = new IAMClient(clientOf(sandbox, sandbox.administrator));
  const UserName = 'hermes-dev-agent';
  const { VirtualMFADevice } = await iam.send(
    new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: 'hermes-dev-agent-lead' }),
  );
  const secret = Buffer.from(VirtualMFADevice?.Base32StringSeed ?? []).toString();
  const totp = new TOTP({ secret });
  const [AuthenticationCode1, AuthenticationCode2] = [-30, 0].map((offset) =>
    totp.generate({ timestamp: sandbox.clock.now() + offset * 1000 }),
  );
  const SerialNumber = VirtualMFADevice?.SerialNumber;
  await iam.send(new EnableMFADeviceCommand({ UserName, SerialNumber, AuthenticationCode1, AuthenticationCode2 }));
  const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName }));
  expect(MFADevices?.map((device) => device.SerialNumber)).toContain(
    'arn:aws:iam::123456789012:mfa/hermes-dev-agent-lead',
  );

  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'hermes-dev-s3-deploy' }));
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')).Statement[0].Sid).toBe('LeaseByMfa');
  const names: (string | undefined)[] = [];
  for await (const page of paginateListRoles({ client: iam }, {}))
    for (const role of page.Roles ?? []) names.push(role.RoleName);
  expect(names).toEqual(['hermes-dev-s3-deploy']);
});

it('the environment variables lead a client here', () => {
  expect(sandbox.env.AWS_ENDPOINT_URL).toBe(sandbox.url);
  expect(plain(sandbox.keys).accessKeyId).toBe(sandbox.env.AWS_ACCESS_KEY_ID);
});
