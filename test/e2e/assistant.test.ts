/** The stack and the users of the bank's assistant, on a real Terraform and moto. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  CognitoIdentityProviderClient,
  CreateGroupCommand,
  CreateUserPoolCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { synthesizeAssistant } from '../../examples/bank/assistant/main';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { run } from './support/run';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const ROOT = join(__dirname, '..', '..');
const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const BROKER = ['-var', 'broker_url=https://a1b2c3.execute-api.eu-central-1.amazonaws.com/leasehold-bank-dev'];

describeWithRealTools('the assistant’s stack and users', () => {
  let moto: Moto;
  let outdir: string;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto(ACCOUNT);
    outdir = mkdtempSync(join(tmpdir(), 'leasehold-assistant-'));
    // The role of the agent is in the bank's own stack.
    await new IAMClient(moto.client).send(
      new CreateRoleCommand({
        RoleName: 'bank-dev-assistant',
        Path: '/agents/',
        AssumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
        }),
      }),
    );
    const model = { provider: 'openai-compatible', model: 'm', url: 'https://models.example.com/v1' } as const;
    terraform = terraformIn(await synthesizeAssistant({ environment: 'dev', model, outdir, withBank: false }), moto);
    await terraform.init();
  }, 5 * MINUTES);
  afterAll(async () => {
    await moto?.stop();
    rmSync(outdir, { recursive: true, force: true });
  });

  it(
    'is valid, is applied, and has an address for the console',
    async () => {
      expect(await terraform.validate()).toMatchObject({ valid: true });
      await terraform.apply(...BROKER);
      const client = { ...moto.client, region: REGION };
      const { Items = [] } = await new ApiGatewayV2Client(client).send(new GetApisCommand({}));
      expect(Items).toMatchObject([{ Name: 'bank-dev-chat', ProtocolType: 'WEBSOCKET' }]);
      const { address } = await terraform.output();
      expect(address?.value).toBe(`wss://${Items[0]?.ApiId}.execute-api.${REGION}.amazonaws.com/chat`);
      const runner = new GetFunctionCommand({ FunctionName: 'bank-dev-chat-runner' });
      const { Configuration } = await new LambdaClient(client).send(runner);
      expect(Configuration?.Role).toBe(`arn:aws:iam::${ACCOUNT}:role/agents/bank-dev-assistant`);
    },
    5 * MINUTES,
  );

  it('is not applied with a broker that has no TLS', async () => {
    await expect(terraform.plan('-var', 'broker_url=http://broker.example')).rejects.toThrow('must begin with https');
  });

  describe('the users', () => {
    let cognito: CognitoIdentityProviderClient;
    let pool: string;

    beforeAll(async () => {
      cognito = new CognitoIdentityProviderClient({ ...moto.client, region: REGION });
      pool = await poolOf('bank-dev');
    });

    async function poolOf(stack: string): Promise<string> {
      const UserPoolTags = { 'leasehold:stack': stack };
      const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: stack, UserPoolTags }));
      const UserPoolId = UserPool?.Id ?? '';
      for (const GroupName of ['staff', 'approvers', 'security']) {
        await cognito.send(new CreateGroupCommand({ UserPoolId, GroupName }));
      }
      return UserPoolId;
    }

    const users = (...args: readonly string[]) =>
      run(process.execPath, [join(ROOT, 'examples', 'bank', 'assistant', 'users.mjs'), ...args], {
        cwd: ROOT,
        env: { ...moto.environment, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
        expect: [0, 1],
      });
    const names = async () => {
      const { Users = [] } = await cognito.send(new ListUsersCommand({ UserPoolId: pool }));
      return Users.map(({ Username }) => Username).sort();
    };
    const ALL = ['ada', 'bruno', 'c-1001', 'c-1002', 'c-1003', 'emil', 'hana', 'nora', 'olga', 'ravi', 'sami'];

    it('are invited, in the groups of the definitions, and by a second run no further', async () => {
      for (const _ of ['once', 'again']) {
        expect(await users('seed', 'dev', '--pool', pool, '--domain', 'example.com')).toMatchObject({
          code: 0,
          stderr: '',
        });
        expect(await names()).toEqual(ALL);
      }
      const groupsOf = async (Username: string) => {
        const command = new AdminListGroupsForUserCommand({ UserPoolId: pool, Username });
        return (await cognito.send(command)).Groups?.map(({ GroupName }) => GroupName).sort();
      };
      expect(await groupsOf('c-1001')).toEqual([]);
      expect(await groupsOf('emil')).toEqual(['approvers', 'staff']);
      expect(await groupsOf('ada')).toEqual(['security', 'staff']);
    });

    it('are deleted only with --yes, and only those of the example', async () => {
      await cognito.send(new AdminDeleteUserCommand({ UserPoolId: pool, Username: 'nora' }));
      await cognito.send(new AdminCreateUserCommand({ UserPoolId: pool, Username: 'nora' }));
      const dry = await users('teardown', 'dev', '--pool', pool);
      expect(dry.stdout).toContain('ada: would be deleted\n');
      expect(dry.stdout).toMatch(/Nothing was deleted\. Add --yes to delete\.\n$/);
      expect(await names()).toEqual(ALL);
      expect((await users('teardown', 'dev', '--pool', pool, '--yes')).stdout).toContain('c-1001: deleted\n');
      expect(await names()).toEqual(['nora']);
    });

    it.each<[string, readonly string[], RegExp]>([
      [
        'a pool of another stack',
        ['teardown', 'dev', '--yes', '--pool', 'OTHER'],
        /is not the user pool of the stack bank-dev/,
      ],
      ['another account', ['teardown', 'prod', '--yes', '--pool', 'OTHER'], /these credentials are of account/],
      ['no pool', ['teardown', 'dev', '--yes'], /--pool/],
      ['no domain', ['seed', 'dev', '--pool', 'OTHER'], /--domain/],
      ['an unknown option', ['seed', 'dev', '--force'], /--force/],
    ])('are left alone with %s', async (_, args, message) => {
      const other = await poolOf('shop-dev');
      const { code, stderr } = await users(...args.map((each) => (each === 'OTHER' ? other : each)));
      expect([code, stderr]).toEqual([1, expect.stringMatching(message)]);
    });
  });
});
