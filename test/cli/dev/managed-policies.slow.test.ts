/** Roles of people with a policy that AWS manages, from the request to the last call, with the sandbox as AWS. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { eventsTableName, roleName } from '@leasehold/documents';
import type { Dev } from 'leasehold/dev';
import type { Role } from '../../../lib/definitions/model';
import { aBrokeredEnvironment } from '../../sandbox/support/broker';
import { anAuditRole, brokerRules, SECURITY_AUDIT } from '../../support/broker-environment';
import { aDev, awsAs, keysOf, speakingAs } from './support';

const ASK = { role: 'audit', reason: 'Recertify the access of the second quarter' };

let dev: Dev;

afterEach(() => dev.stop());

/** Starts a broker for one role, which asks nobody. */
async function start(overrides: Partial<Role> = {}) {
  const eligible = { agents: ['agent'], groups: ['staff'] };
  const role = anAuditRole({ broker: brokerRules({ humans: 0, reviewer: 'off', eligible }), ...overrides });
  const environment = aBrokeredEnvironment({ roles: [role] });
  dev = await aDev(environment);
  return { role, environment };
}

/** The calls of the broker's function. */
const byFunction = () =>
  dev.sandbox.log.events
    .filter(({ userIdentity }) => userIdentity.arn?.includes('/hermes-dev-broker/'))
    .map(({ eventName }) => eventName);
const alice = async () => speakingAs(dev, await dev.sandbox.signIn('alice', 'requester'));
const outcome = (sent: Promise<unknown>) =>
  sent.then(
    () => 'allowed',
    ({ name }: Error) => name,
  );

it('gives a person what the policy permits, and no more', async () => {
  const { role, environment } = await start();
  const { lease, credentials } = await (await alice()).request(ASK);
  expect(lease.grant?.managedPolicies).toEqual([{ arn: SECURITY_AUDIT, sha256: role.managedPolicies?.[0]?.sha256 }]);
  const client = awsAs(dev, keysOf(credentials));
  const iam = new IAMClient(client);
  const RoleName = roleName(role, environment);
  expect(await outcome(iam.send(new GetRoleCommand({ RoleName })))).toBe('allowed');
  const more = new PutRolePolicyCommand({ RoleName, PolicyName: 'more', PolicyDocument: '{}' });
  expect(await outcome(iam.send(more))).toMatch(/^AccessDenied/);
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  expect(await outcome(s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'rows.csv' })))).toBe('AccessDenied');
  const record = new GetItemCommand({
    TableName: eventsTableName(environment),
    Key: { lease: { S: lease.id }, sequence: { N: '1' } },
  });
  expect(await outcome(new DynamoDBClient(client).send(record))).toBe('AccessDeniedException');
  expect(byFunction().filter((name) => /Policy|Assume/.test(name))).toEqual([
    'GetPolicy',
    'GetPolicyVersion',
    'AssumeRole',
  ]);
});

it('gives an agent nothing, even where the definitions list it', async () => {
  await start({ agents: ['agent'] });
  await expect(speakingAs(dev, dev.agent()).request(ASK)).rejects.toMatchObject({ problem: { code: 'not-eligible' } });
  expect(byFunction()).not.toContain('AssumeRole');
});

it('gives nobody a text that is not the pinned one', async () => {
  await start({ managedPolicies: [{ arn: SECURITY_AUDIT, sha256: '0'.repeat(64), because: 'Audits.' }] });
  await expect((await alice()).request(ASK)).rejects.toMatchObject({ problem: { code: 'role-shut' } });
  expect(byFunction()).not.toContain('AssumeRole');
});
