/** A broker where people sign in, applied by the real Terraform through the real provider, and what then stands there. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { synthesizeUnchecked } from '@leasehold/constructs';
import { consoleSettings } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { USER_POOL_CLIENT_VARIABLE, USER_POOL_VARIABLE } from '@leasehold/documents';
import { plannedAccess, readPlan, reviewPlan } from '@leasehold/review';
import { readManifest } from '@leasehold/runtime';
import type { Environment } from '../../lib/definitions/model';
import { writeConsoleFolder } from '../support/console-folder';
import { definitions } from '../support/environment';
import { aPeopleEnvironment, ISSUER, somePeople } from '../support/people-environment';
import { resourcesOf, type StackJson } from '../support/synth';
import { deployedConsole } from './support/deployed-console';
import { unknownInPlan } from './support/literal-plan';
import { type Moto, startMoto } from './support/moto';
import { describeWithRealTools } from './support/needs';
import { type Terraform, terraformIn } from './support/terraform';

const MINUTES = 60_000;
const NO_CHANGE = { changes: [], outputs: [] };

const CONSOLE = {
  domain: 'leases.example.com',
  certificateArn: 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1a2b3c4d',
};

describeWithRealTools('a broker where people sign in', () => {
  let moto: Moto;
  let folder: string;
  let directory: string;
  let stack: StackJson;
  let terraform: Terraform;

  beforeAll(async () => {
    moto = await startMoto();
    folder = mkdtempSync(join(tmpdir(), 'leasehold-people-'));
    directory = synthesized(aPeopleEnvironment());
    stack = JSON.parse(readFileSync(join(directory, 'cdk.tf.json'), 'utf8'));
    terraform = terraformIn(directory, moto);
    await terraform.init();
  }, 3 * MINUTES);

  afterAll(async () => {
    await moto?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** `severity id` of each finding about the last plan. */
  async function reviewed(): Promise<readonly string[]> {
    const { findings } = await reviewPlan(plannedAccess(readPlan(await terraform.shown())), { today: '2026-11-30' });
    return findings.map(({ severity, id }) => `${severity} ${id}`);
  }

  function synthesized(of: Environment, consoleCode?: string): string {
    const outdir = join(folder, 'cdktf.out');
    const [written] = synthesizeUnchecked(definitions(of), { outdir, ...defined({ consoleCode }) });
    return written?.directory ?? folder;
  }

  it(
    'is valid, and its first plan leaves open only what AWS makes up',
    async () => {
      expect(await terraform.validate()).toMatchObject({ valid: true, diagnostics: [] });
      const open = unknownInPlan(await terraform.plan(), stack)
        .map((address) => address.replace(/\.[^.]+\./, '.'))
        .filter((address) => /cognito|authorizer|lambda_function/.test(address));
      expect([...new Set(open)].sort()).toEqual([
        'aws_apigatewayv2_authorizer.api_id',
        'aws_apigatewayv2_authorizer.jwt_configuration',
        'aws_apigatewayv2_route.authorizer_id',
        'aws_cognito_user_group.user_pool_id',
        'aws_cognito_user_pool_client.callback_urls',
        'aws_cognito_user_pool_client.default_redirect_uri',
        'aws_cognito_user_pool_client.logout_urls',
        'aws_cognito_user_pool_client.user_pool_id',
        'aws_cognito_user_pool_domain.user_pool_id',
        // Of both functions: which key the broker uses, and where people sign in to it and to the console.
        'aws_lambda_function.environment',
      ]);
      const [hash] = resourcesOf(stack, 'aws_lambda_function').flatMap(({ function_name: name, source_code_hash }) =>
        name === 'hermes-dev-console' ? [source_code_hash] : [],
      );
      const archive = readFileSync(join(directory, 'console.zip'));
      expect(hash).toBe(createHash('sha256').update(archive).digest('base64'));
      // The routes of the console need no signature, and are no finding: they lead to a function that can do nothing.
      expect((await reviewed()).filter((text) => /route|console|sign|redirect|cors/.test(text))).toEqual([]);
    },
    6 * MINUTES,
  );

  it(
    'applies, and a second plan shows no change',
    async () => {
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
    },
    8 * MINUTES,
  );

  it('tells the function which pool and which client it accepts tokens of', async () => {
    const lambda = new LambdaClient({ ...moto.client, region: 'ap-northeast-2' });
    const { Environment: told } = await lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: 'hermes-dev-broker' }),
    );
    expect(told?.Variables?.[USER_POOL_VARIABLE]).toMatch(
      /^https:\/\/cognito-idp\.ap-northeast-2\.amazonaws\.com\/ap-northeast-2_[A-Za-z0-9]+$/,
    );
    expect(told?.Variables?.[USER_POOL_CLIENT_VARIABLE]).toMatch(/^[a-z0-9]{20,30}$/);
  });

  it('says where the console is, also in a manifest that the runtime reads', async () => {
    const { leasehold, console_url: console } = await terraform.output();
    const { broker } = readManifest(leasehold?.value as object);
    expect(broker?.console).toBe(`${broker?.url}/console`);
    expect(console?.value).toBe(`${broker?.url}/console/`);
  });

  it('serves the console from the deployed archive, with the variables of the deployed function', async () => {
    const site = await deployedConsole(moto, join(directory, 'console.zip'), join(folder, 'function'));
    const { leasehold } = await terraform.output();
    const { url = '' } = readManifest(leasehold?.value as object).broker ?? {};
    const stage = new URL(url).pathname;

    const settings = consoleSettings.parse(JSON.parse((await site.get('/console.json')).text));
    expect(settings.issuer).toMatch(/^https:\/\/cognito-idp\.ap-northeast-2\.amazonaws\.com\/ap-northeast-2_/);
    expect(settings.scope).toBe('openid');

    for (const path of [
      '/console',
      '/console/',
      '/console/signed-in',
      '/console/leases/lh-01jd0000000000000000000000',
    ]) {
      const page = await site.get(path);
      expect([path, page.status, page.headers['cache-control']]).toEqual([path, 200, 'no-store']);
      expect(page.text).toContain(`<base href="${stage}/console/"`);
      expect(page.headers['content-security-policy']).toContain(
        "connect-src 'self' https://cognito-idp.ap-northeast-2.amazonaws.com https://hermes-dev-123456789012.auth.ap-northeast-2.amazoncognito.com;",
      );
      expect(page.headers['content-security-policy']).not.toContain('unsafe');
    }
    const [, script = ''] = /src="\.\/(assets\/[^"]+\.js)"/.exec((await site.get('/console/')).text) ?? [];
    const plain = await site.get(`/console/${script}`);
    expect(plain.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    for (const [accept, decode] of [
      ['br', brotliDecompressSync],
      ['gzip', gunzipSync],
    ] as const) {
      const encoded = await site.get(`/console/${script}`, accept);
      expect(encoded.headers['content-encoding']).toBe(accept);
      expect(decode(encoded.bytes).equals(plain.bytes)).toBe(true);
      expect(encoded.bytes.length).toBeLessThan(plain.bytes.length / 3);
      // The encoder of the archive makes gzip larger than zlib does, but the same on every machine.
      if (accept === 'br') expect(encoded.bytes.length).toBeLessThan(200_000);
    }
    for (const path of [
      '/console/../index.js',
      '/console/index.js',
      `/console/${script}.br`,
      '/console/..%2findex.js',
    ]) {
      expect([path, (await site.get(path)).status]).toEqual([path, 404]);
    }
  });

  it(
    'can be moved to a domain of its own',
    async () => {
      synthesized(aPeopleEnvironment(somePeople(), { console: CONSOLE }));
      const { changes } = await terraform.plan();
      expect(changes.map(({ type, change }) => `${change.actions.join()} ${type}`).sort()).toEqual([
        'create aws_apigatewayv2_api_mapping',
        'create aws_apigatewayv2_domain_name',
        'update aws_cognito_user_pool_client',
        // The passkeys of the broker and the address of the console.
        'update aws_lambda_function',
        'update aws_lambda_function',
      ]);
      expect(await reviewed()).toEqual(
        expect.arrayContaining(['high redirect-changed', 'high console-changed', 'medium broker-changed']),
      );
      await terraform.apply();
      expect(await terraform.plan()).toEqual(NO_CHANGE);
      const { console_url: console, console_dns_target: target } = await terraform.output();
      expect(console?.value).toBe('https://leases.example.com/console/');
      expect(target?.value).toEqual(expect.any(String));
      const site = await deployedConsole(moto, join(directory, 'console.zip'), join(folder, 'moved'));
      expect((await site.get('/console/', 'br', 'leases.example.com')).status).toBe(200);
      expect((await site.get('/console/')).status).toBe(404);
      expect((await site.get('/console.json')).status).toBe(200);
    },
    6 * MINUTES,
  );

  it(
    'shows in a review that it moves to another domain, and that its code changes',
    async () => {
      const moved = { ...CONSOLE, domain: 'access.example.com' };
      synthesized(aPeopleEnvironment(somePeople(), { console: moved }), writeConsoleFolder(join(folder, 'other')));
      await terraform.plan();
      expect(await reviewed()).toEqual(
        expect.arrayContaining([
          'high console-domain-changed',
          'high redirect-changed',
          'high console-changed',
          'medium console-changed',
        ]),
      );
    },
    3 * MINUTES,
  );

  it('has no client secret in its state, and the addresses of the new domain', async () => {
    const state = readFileSync(join(folder, 'terraform.hermes-dev.tfstate'), 'utf8');
    const [client] = JSON.parse(state).resources.filter(({ type }: { type: string }) => type.endsWith('_pool_client'));
    expect(client.instances[0].attributes).toMatchObject({
      client_secret: '',
      callback_urls: ['http://localhost:8976/signed-in', 'https://leases.example.com/console/signed-in'],
      logout_urls: ['https://leases.example.com/console/'],
      allowed_oauth_flows: ['code'],
      refresh_token_rotation: [{ feature: 'ENABLED', retry_grace_period_seconds: 10 }],
    });
  });

  it(
    'shows in a plan that another issuer replaces the pool',
    async () => {
      synthesized(aPeopleEnvironment(somePeople(ISSUER), { console: CONSOLE }));
      const { changes } = await terraform.plan();
      expect([...new Set(changes.map(({ type, change }) => `${change.actions.join()} ${type}`))].sort()).toEqual([
        'delete aws_cognito_user_group',
        'delete aws_cognito_user_pool',
        'delete aws_cognito_user_pool_client',
        'delete aws_cognito_user_pool_domain',
        'update aws_apigatewayv2_authorizer',
        'update aws_apigatewayv2_route',
        'update aws_lambda_function',
      ]);
    },
    3 * MINUTES,
  );
});
