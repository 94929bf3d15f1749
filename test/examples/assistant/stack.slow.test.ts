/** The assistant's stack: what its functions may do, and that it is the same bytes each time. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesizeAssistant } from '../../../examples/bank/assistant/main';
import { permissionsOf } from '../../../examples/bank/assistant/policies';

const MODEL = { provider: 'openai-compatible', model: 'm', url: 'https://models.example.com/v1' } as const;
const NAMES = {
  place: { partition: 'aws', region: 'eu-central-1', account: '111122223333' },
  prefix: 'bank-dev-chat',
  models: ['arn:aws:bedrock:eu-central-1::foundation-model/m'],
  secret: 'bank/model',
} as const;

type Resources = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;

const folders: string[] = [];
let resource: Resources;
let folder: string;

async function synthesized(): Promise<string> {
  const outdir = mkdtempSync(join(tmpdir(), 'leasehold-assistant-'));
  folders.push(outdir);
  return synthesizeAssistant({ environment: 'dev', model: MODEL, outdir, withBank: false });
}

beforeAll(async () => {
  folder = await synthesized();
  resource = JSON.parse(readFileSync(join(folder, 'cdk.tf.json'), 'utf8')).resource;
});
afterAll(() => {
  for (const each of folders) rmSync(each, { recursive: true, force: true });
});

it('is the same bytes in another folder', async () => {
  const other = await synthesized();
  expect(readdirSync(other)).toEqual(readdirSync(folder));
  for (const name of readdirSync(folder)) {
    expect(readFileSync(join(other, name)).equals(readFileSync(join(folder, name)))).toBe(true);
  }
});

it('connects nobody without the authorizer, which reads the header and no address', () => {
  const { connect } = resource.aws_apigatewayv2_route ?? {};
  expect(connect).toMatchObject({ route_key: '$connect', authorization_type: 'CUSTOM' });
  const [authorizer] = Object.values(resource.aws_apigatewayv2_authorizer ?? {});
  expect(authorizer).toMatchObject({ identity_sources: ['route.request.header.Sec-WebSocket-Protocol'] });
});

it('logs neither requests nor tokens', () => {
  const { stage } = resource.aws_apigatewayv2_stage ?? {};
  expect(stage).not.toHaveProperty('access_log_settings');
  expect(stage).toMatchObject({ default_route_settings: { data_trace_enabled: false, logging_level: 'OFF' } });
});

it('runs tools with the role of the agent, and a turn once', () => {
  const { runner, worker } = resource.aws_lambda_function ?? {};
  expect(runner).toMatchObject({ role: 'arn:aws:iam::111122223333:role/agents/bank-dev-assistant' });
  expect(worker).not.toMatchObject({ role: runner?.role });
  const [once] = Object.values(resource.aws_lambda_function_event_invoke_config ?? {});
  expect(once).toMatchObject({ maximum_retry_attempts: 0 });
});

it('every item ends', () => {
  const tables = Object.values(resource.aws_dynamodb_table ?? {});
  expect(tables).toHaveLength(2);
  for (const table of tables) expect(table).toMatchObject({ ttl: { attribute_name: 'expiresAt', enabled: true } });
});

it('no function but the runner reaches the broker or the bank, and none has a wildcard as the resource', () => {
  const statements = Object.values(permissionsOf(NAMES, 'arn:aws:execute-api:eu-central-1:111122223333:a1')).flat();
  const actions = new Set(statements.flatMap(({ Action }) => Action));
  expect(
    [...actions].filter((action) => /\*|^(sts|iam):|execute-api:Invoke$|Scan|Batch|Transact/.test(action)),
  ).toEqual([]);
  const resources = statements.flatMap(({ Resource }) => Resource);
  expect(resources).not.toContain('*');
  expect(resources.filter((arn) => /:table\//.test(arn) && !/bank-dev-chat-/.test(arn))).toEqual([]);
});
