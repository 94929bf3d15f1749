/** The stack of the bank's assistant, on a real Terraform and moto. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiGatewayV2Client, GetApisCommand } from '@aws-sdk/client-apigatewayv2';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { synthesizeAssistant } from '../../examples/bank/assistant/main';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const BROKER = ['-var', 'broker_url=https://a1b2c3.execute-api.eu-central-1.amazonaws.com/leasehold-bank-dev'];

describeWithRealTools('the assistant’s stack', () => {
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
});
