/** What is deployed where people sign in: strict by construction, with no key in the YAML that could loosen it. */
import { keyEventBody } from '@leasehold/contract/consent';
import { peopleRoute, ROUTES } from '@leasehold/contract/routes';
import { CONSOLE_ROUTES } from '@leasehold/documents';
import type { Environment } from '../../../lib/definitions/model';
import { aBroker, aBrokerEnvironment } from '../../support/broker-environment';
import { brokerStack } from '../../support/broker-stack';
import { aPeopleEnvironment, ISSUER, POOL, somePeople } from '../../support/people-environment';
import { type Attributes, resourcesOf, type StackJson, unescaped } from '../../support/synth';

const { stack, text } = brokerStack(aPeopleEnvironment());
const ofIssuer = brokerStack(aPeopleEnvironment(somePeople(ISSUER))).stack;
const without = brokerStack(aBrokerEnvironment({ broker: aBroker() })).stack;

const CONSOLE = {
  domain: 'leases.example.com',
  certificateArn: 'arn:aws:acm:ap-northeast-2:123456789012:certificate/1a2b3c4d',
};
const withDomain = brokerStack(aPeopleEnvironment(somePeople(), { console: CONSOLE })).stack;

/** The one resource of a type. */
function the(from: StackJson, type: string): Attributes {
  const [found, ...others] = resourcesOf(from, type);
  if (found === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return found;
}

/** The function with a name. */
function functionOf(from: StackJson, name: string): Attributes {
  const found = resourcesOf(from, 'aws_lambda_function').find(({ function_name }) => function_name === name);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
}

describe('the user pool', () => {
  it('has users whom administrators create, with MFA, and no way around it', () => {
    expect(the(stack, 'aws_cognito_user_pool')).toMatchObject({
      admin_create_user_config: { allow_admin_create_user_only: true },
      mfa_configuration: 'ON',
      software_token_mfa_configuration: { enabled: true },
      account_recovery_setting: { recovery_mechanism: [{ name: 'admin_only', priority: 1 }] },
      deletion_protection: 'ACTIVE',
      username_configuration: { case_sensitive: false },
      password_policy: { minimum_length: 14, temporary_password_validity_days: 1 },
    });
    expect(the(stack, 'aws_cognito_user_pool')).not.toHaveProperty('sms_configuration');
    expect(the(stack, 'aws_cognito_user_pool')).not.toHaveProperty('lambda_config');
  });

  it('has a public client: code alone, short and rotating tokens, exact addresses, no secret', () => {
    expect(the(stack, 'aws_cognito_user_pool_client')).toMatchObject({
      generate_secret: false,
      allowed_oauth_flows_user_pool_client: true,
      allowed_oauth_flows: ['code'],
      allowed_oauth_scopes: ['openid'],
      supported_identity_providers: ['COGNITO'],
      explicit_auth_flows: ['ALLOW_USER_SRP_AUTH'],
      enable_token_revocation: true,
      prevent_user_existence_errors: 'ENABLED',
      refresh_token_rotation: [{ feature: 'ENABLED', retry_grace_period_seconds: 10 }],
      access_token_validity: POOL.accessSeconds,
      id_token_validity: POOL.accessSeconds,
      refresh_token_validity: POOL.refreshSeconds,
      token_validity_units: [{ access_token: 'seconds', id_token: 'seconds', refresh_token: 'seconds' }],
    });
  });

  it('returns to the console, at the address of the API or at its own domain, and to what the definitions add', () => {
    const urls = (from: StackJson) => the(from, 'aws_cognito_user_pool_client').callback_urls as readonly string[];
    expect(urls(withDomain)).toEqual(['https://leases.example.com/console/signed-in', POOL.redirects[0]]);
    const [own, added, ...others] = urls(stack);
    expect(own).toMatch(/^\$\{aws_apigatewayv2_api\.[^.}]+\.api_endpoint\}\/leasehold-hermes-dev\/console\/signed-in$/);
    expect([added, others]).toEqual([POOL.redirects[0], []]);
    expect(text).not.toMatch(/https?:\/\/[^"]*\*/);
  });

  it('has a group for each value that means something, once', () => {
    expect(resourcesOf(stack, 'aws_cognito_user_group').map(({ name }) => name)).toEqual([
      'platform-leads',
      'security',
    ]);
    const groups = { requester: ['staff', 'leads'], approver: ['leads'], administrator: [] };
    const more = brokerStack(aPeopleEnvironment(somePeople(POOL, { groups }))).stack;
    expect(resourcesOf(more, 'aws_cognito_user_group').map(({ name, description }) => [name, description])).toEqual([
      ['leads', 'Leasehold: requesters, approvers'],
      ['staff', 'Leasehold: requesters'],
    ]);
    for (const group of resourcesOf(stack, 'aws_cognito_user_group')) expect(group).not.toHaveProperty('role_arn');
  });
});

describe('the authorizer', () => {
  it('accepts tokens of the pool for its one client, and of no other', () => {
    const { jwt_configuration: accepts, ...authorizer } = the(stack, 'aws_apigatewayv2_authorizer');
    expect(authorizer).toMatchObject({
      authorizer_type: 'JWT',
      identity_sources: ['$request.header.Authorization'],
    });
    expect(accepts).toEqual({
      issuer: expect.stringMatching(/^https:\/\/\$\{aws_cognito_user_pool\.[^.}]+\.endpoint\}$/),
      audience: [expect.stringMatching(/^\$\{aws_cognito_user_pool_client\.[^.}]+\.id\}$/)],
    });
  });

  it('accepts tokens of the issuer that the definitions name, for their audience', () => {
    expect(the(ofIssuer, 'aws_apigatewayv2_authorizer').jwt_configuration).toEqual({
      issuer: 'https://login.example.com',
      audience: ['api://leasehold'],
    });
    expect(Object.keys(ofIssuer.resource).filter((type) => type.includes('cognito'))).toEqual([]);
  });

  it.each([
    ['of the pool', stack, 'openid'],
    ['of the issuer', ofIssuer, 'leases'],
  ])('guards a second route for each one, with the scope %s, which no ID token has', (_, from, scope) => {
    const routes = resourcesOf(from, 'aws_apigatewayv2_route');
    const guarded = routes.filter(({ authorization_type }) => authorization_type === 'JWT');
    expect(guarded.map(({ route_key }) => route_key).sort()).toEqual(
      Object.values(ROUTES)
        .map(peopleRoute)
        .map(({ method, path }) => `${method} ${path}`)
        .sort(),
    );
    for (const route of guarded) {
      expect(route.authorization_scopes).toEqual([scope]);
      expect(route.authorizer_id).toMatch(/^\$\{aws_apigatewayv2_authorizer\.[^.}]+\.id\}$/);
      expect(String(route.route_key)).toMatch(/^[A-Z]+ \/people\/\{as\}\//);
    }
    const signed = routes.filter(({ authorization_type }) => authorization_type === 'AWS_IAM');
    expect(signed).toHaveLength(Object.keys(ROUTES).length);
    const open = routes.filter(({ authorization_type }) => authorization_type === 'NONE');
    expect(open.map(({ route_key }) => route_key).sort()).toEqual(Object.values(CONSOLE_ROUTES).sort());
    expect(routes).toHaveLength(2 * Object.keys(ROUTES).length + open.length);
  });

  it('is none where people do not sign in', () => {
    const types = Object.keys(without.resource);
    expect(types.filter((type) => /cognito|authorizer|domain_name/.test(type))).toEqual([]);
    expect(JSON.stringify(without)).not.toContain('/people/');
  });
});

describe('the function of the console', () => {
  const variables = (from: StackJson) =>
    (functionOf(from, 'hermes-dev-console').environment as { variables: Record<string, string> }).variables;

  it('has a role of its own, which can write its log and nothing else', () => {
    expect(functionOf(stack, 'hermes-dev-console')).toMatchObject({
      role: 'arn:aws:iam::123456789012:role/leasehold-console/hermes-dev-console',
      filename: 'console.zip',
      handler: 'index.handler',
    });
    const ofConsole = (type: string) =>
      resourcesOf(stack, type).filter(({ role, name }) => [role, name].includes('hermes-dev-console'));
    expect(ofConsole('aws_iam_role_policy').map(({ policy }) => JSON.parse(String(policy)))).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Log',
            Effect: 'Allow',
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: 'arn:aws:logs:ap-northeast-2:123456789012:log-group:/aws/lambda/hermes-dev-console:*',
          },
        ],
      },
    ]);
    expect(ofConsole('aws_iam_role_policy_attachment')).toEqual([]);
    expect(ofConsole('aws_iam_role').map(({ permissions_boundary }) => permissions_boundary)).toEqual([
      expect.stringMatching(/:policy\/.*hermes-dev-console-boundary$/),
    ]);
  });

  it('is called by its own API alone, on its own routes alone', () => {
    const permissions = resourcesOf(stack, 'aws_lambda_permission').filter(
      ({ function_name }) => function_name === 'hermes-dev-console',
    );
    expect(permissions).toEqual([
      expect.objectContaining({
        principal: 'apigateway.amazonaws.com',
        source_arn: expect.stringMatching(
          /^\$\{aws_apigatewayv2_api\.[^.}]+\.execution_arn\}\/leasehold-hermes-dev\/GET\/console\*$/,
        ),
      }),
    ]);
    const integrations = resourcesOf(stack, 'aws_apigatewayv2_integration').map(
      ({ integration_uri }) => integration_uri,
    );
    expect(integrations).toHaveLength(2);
    expect(integrations).toContain(
      'arn:aws:apigateway:ap-northeast-2:lambda:path/2015-03-31/functions/arn:aws:lambda:ap-northeast-2:123456789012:function:hermes-dev-console/invocations',
    );
  });

  it('is told where the console is, where people sign in, and what its page may call', () => {
    expect(variables(ofIssuer)).toEqual({
      LEASEHOLD_CONSOLE_BASE: '/leasehold-hermes-dev/',
      LEASEHOLD_CONSOLE_CLIENT: 'console',
      LEASEHOLD_CONSOLE_ISSUER: 'https://login.example.com',
      LEASEHOLD_CONSOLE_ORIGINS: 'https://login.example.com',
      LEASEHOLD_CONSOLE_SCOPE: 'openid leases',
    });
    expect(variables(withDomain)).toEqual({
      LEASEHOLD_CONSOLE_BASE: '/',
      LEASEHOLD_CONSOLE_CLIENT: expect.stringMatching(/^\$\{aws_cognito_user_pool_client\.[^.}]+\.id\}$/),
      LEASEHOLD_CONSOLE_HOST: 'leases.example.com',
      LEASEHOLD_CONSOLE_ISSUER: expect.stringMatching(/^https:\/\/\$\{aws_cognito_user_pool\.[^.}]+\.endpoint\}$/),
      LEASEHOLD_CONSOLE_ORIGINS:
        'https://cognito-idp.ap-northeast-2.amazonaws.com https://hermes-dev-123456789012.auth.ap-northeast-2.amazoncognito.com',
      LEASEHOLD_CONSOLE_SCOPE: 'openid',
    });
  });

  it('has the same code in every environment', () => {
    const hashes = [stack, ofIssuer, withDomain].map((from) => functionOf(from, 'hermes-dev-console').source_code_hash);
    expect(new Set(hashes).size).toBe(1);
    expect(hashes[0]).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  });

  it('is none where people do not sign in', () => {
    expect(JSON.stringify(without)).not.toMatch(/hermes-dev-console|GET \/console/);
  });
});

describe('the outputs', () => {
  it('are the address of the console, also in the manifest, and what its DNS record points to', () => {
    const shown = ({ output }: StackJson) => [
      output.console_url?.value,
      (output.leasehold?.value as { broker: { console?: string } } | undefined)?.broker.console,
      output.console_dns_target?.value,
    ];
    const stage = /^\$\{aws_apigatewayv2_stage\.[^.}]+\.invoke_url\}\/console\/?$/;
    expect(shown(stack)).toEqual([expect.stringMatching(stage), expect.stringMatching(stage), undefined]);
    expect(shown(withDomain)).toEqual([
      'https://leases.example.com/console/',
      'https://leases.example.com/console',
      expect.stringMatching(/^\$\{aws_apigatewayv2_domain_name\.[^}]+\.target_domain_name\}$/),
    ]);
    expect(shown(without)).toEqual([undefined, undefined, undefined]);
  });
});

describe('the rest', () => {
  it('tells the function which pool is meant; another issuer is in its configuration', () => {
    const variables = (from: StackJson) =>
      (functionOf(from, 'hermes-dev-broker').environment as { variables: Record<string, string> }).variables;
    expect(variables(stack)).toMatchObject({
      LEASEHOLD_USER_POOL: expect.stringMatching(/^https:\/\/\$\{aws_cognito_user_pool\.[^.}]+\.endpoint\}$/),
      LEASEHOLD_USER_POOL_CLIENT: expect.stringMatching(/^\$\{aws_cognito_user_pool_client\.[^.}]+\.id\}$/),
    });
    expect(Object.keys(variables(ofIssuer)).filter((name) => name.includes('POOL'))).toEqual([]);
  });

  it('limits waiting at both doors to less than Lambda runs at once, and logs who signed in', () => {
    const { route_settings: waiting, access_log_settings: log } = the(stack, 'aws_apigatewayv2_stage');
    const limits = waiting as readonly {
      route_key: string;
      throttling_rate_limit: number;
      throttling_burst_limit: number;
    }[];
    expect(limits.map(({ route_key }) => route_key)).toEqual([
      'GET /leases/{lease}',
      'GET /people/{as}/leases/{lease}',
      ...Object.values(CONSOLE_ROUTES),
    ]);
    const waits = limits.slice(0, 2).map((each) => each.throttling_rate_limit * 20 + each.throttling_burst_limit);
    // The console's function answers in milliseconds, so that only a burst of calls is open at once.
    const bursts = limits.slice(2).map((each) => each.throttling_burst_limit);
    const sum = (counts: readonly number[]) => counts.reduce((one, other) => one + other);
    expect(sum(waits)).toBeLessThan(900);
    expect(sum([...waits, ...bursts])).toBeLessThan(1000);
    expect((log as Attributes).format).toContain('$context.authorizer.claims.sub');
    expect((the(without, 'aws_apigatewayv2_stage').access_log_settings as Attributes).format).not.toContain('claims');
  });

  it('maps the domain to the stage', () => {
    expect(the(withDomain, 'aws_apigatewayv2_domain_name')).toMatchObject({
      domain_name: 'leases.example.com',
      domain_name_configuration: {
        certificate_arn: CONSOLE.certificateArn,
        endpoint_type: 'REGIONAL',
        security_policy: 'TLS_1_2',
      },
    });
    expect(the(withDomain, 'aws_apigatewayv2_api_mapping')).toMatchObject({
      domain_name: 'leases.example.com',
      stage: 'leasehold-hermes-dev',
    });
  });

  it('sends an alert for each change of a passkey or of a code, where people can have passkeys', () => {
    const alerting = (environment: Environment) => {
      const told = brokerStack({ ...environment, alerts: { emails: ['security@example.com'], trail: 'create' } }).stack;
      const named = (type: string, key: string) =>
        resourcesOf(told, type).filter((each) => each[key] === 'hermes-dev-keys-changed');
      return {
        rules: named('aws_cloudwatch_event_rule', 'name'),
        targets: named('aws_cloudwatch_event_target', 'rule'),
      };
    };
    const { rules, targets } = alerting(aPeopleEnvironment(somePeople(), { console: CONSOLE }));
    expect(rules).toMatchObject([{ event_bus_name: 'hermes-dev-broker' }]);
    const pattern = JSON.parse(unescaped(rules[0]?.event_pattern));
    const changes = keyEventBody.options.map((option) => option.unwrap().shape.type.value);
    expect(pattern.detail.outcome.toSorted()).toEqual(changes.toSorted());
    expect(targets).toMatchObject([
      { arn: 'arn:aws:sns:ap-northeast-2:123456789012:hermes-dev-alerts', event_bus_name: 'hermes-dev-broker' },
    ]);
    // Without a domain, nobody can register a passkey.
    expect(alerting(aPeopleEnvironment()).rules).toEqual([]);
  });

  it('is the same bytes again', () => {
    expect(brokerStack(aPeopleEnvironment()).text).toBe(text);
  });
});
