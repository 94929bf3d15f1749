/** What a broker document becomes: defaults, overrides, templates, and where it was written. */
import type { Broker, Environment } from '../../lib/definitions/model';
import { brief, load, PROJECT, ROLE } from './support';

function environments(broker: string, files: Readonly<Record<string, string>> = {}): readonly Environment[] {
  const { definitions, findings } = load({
    'project.yaml': PROJECT,
    'role.yaml': ROLE.replace('gate: mfa', 'gate: broker'),
    'broker.yaml': `kind: Broker\n${broker}`,
    ...files,
  });
  expect(brief(findings)).toEqual([]);
  return definitions?.environments ?? [];
}

function brokers(broker: string): readonly (Broker | undefined)[] {
  return environments(broker).map((environment) => environment.broker);
}

const OPENAI = 'reviewer: { provider: openai, model: m }\n';

it('without a document there is no broker', () => {
  const { definitions } = load({ 'project.yaml': PROJECT, 'role.yaml': ROLE });
  for (const environment of definitions?.environments ?? []) expect(environment).not.toHaveProperty('broker');
});

it('what it leaves out is 60 requests and 10 denials an hour, at any hour, unread, and names no user', () => {
  for (const broker of brokers('')) {
    expect(broker).toEqual({
      budgets: { requests: { limit: 60, windowSeconds: 3600 }, denials: { limit: 10, windowSeconds: 3600 } },
      subjects: [],
      locate: expect.any(Function),
    });
  }
});

it('a budget that is half written keeps the other half of the default', () => {
  const [dev] = brokers('budgets: { requests: { window: 5m }, denials: { limit: 3 } }\n');
  expect(dev?.budgets).toEqual({
    requests: { limit: 60, windowSeconds: 300 },
    denials: { limit: 3, windowSeconds: 3600 },
  });
});

describe('a reviewer', () => {
  it.each([
    [
      'of Bedrock is asked in the region of the environment',
      '{ provider: bedrock, model: amazon.nova-pro-v1:0 }',
      { provider: 'bedrock', model: 'amazon.nova-pro-v1:0', region: 'ap-northeast-2', timeoutSeconds: 10 },
    ],
    [
      'of Bedrock may be asked elsewhere, by its ARN',
      '{ provider: bedrock, model: "arn:aws:bedrock:us-east-1:${env.account}:inference-profile/us.amazon.nova-pro-v1:0", region: us-east-1, timeout: 3s }',
      {
        provider: 'bedrock',
        model: 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0',
        region: 'us-east-1',
        timeoutSeconds: 3,
      },
    ],
    [
      'of OpenAI takes a key',
      '{ provider: openai, model: gpt-4o }',
      {
        provider: 'openai',
        model: 'gpt-4o',
        endpoint: 'https://api.openai.com/v1',
        key: true,
        timeoutSeconds: 10,
      },
    ],
    [
      'of one’s own need not',
      '{ provider: openai, model: "meta/llama3.1:8b", endpoint: "https://models.${env.name}.example.com/v1/", key: false }',
      {
        provider: 'openai',
        model: 'meta/llama3.1:8b',
        endpoint: 'https://models.dev.example.com/v1',
        key: false,
        timeoutSeconds: 10,
      },
    ],
    [
      'of Anthropic takes a key',
      '{ provider: anthropic, model: claude-sonnet-4-5 }',
      {
        provider: 'anthropic',
        model: 'claude-sonnet-4-5',
        endpoint: 'https://api.anthropic.com',
        key: true,
        timeoutSeconds: 10,
      },
    ],
  ])('%s', (_, written, reviewer) => {
    const [dev] = brokers(`reviewer: ${written}\n`);
    expect(dev?.reviewer).toEqual(reviewer);
  });

  it('advises on every role that does not say otherwise', () => {
    const found = environments(`${OPENAI}`).map(({ roles }) => roles[0]?.broker?.reviewer);
    expect(found).toEqual(['advise', 'advise']);
  });

  it('of one environment advises there alone', () => {
    const found = environments('environments: { prod: { reviewer: { provider: openai, model: m } } }\n');
    expect(found.map(({ roles }) => roles[0]?.broker?.reviewer)).toEqual(['off', 'advise']);
  });
});

it('a list names where it is deployed, and false where it is not', () => {
  expect(brokers('environments: [prod]\n').map((broker) => broker !== undefined)).toEqual([false, true]);
  expect(brokers('environments: { prod: false }\n').map((broker) => broker !== undefined)).toEqual([true, false]);
});

it('an environment replaces a key as a whole, and is where it is found', () => {
  const [dev, prod] = brokers(
    `budgets: { requests: { limit: 5 }, denials: { limit: 2 } }
hours: { from: 22, to: 6 }
environments:
  prod: { budgets: { requests: { limit: 7 } } }
`,
  );
  expect(dev?.budgets.denials.limit).toBe(2);
  expect(prod?.budgets).toMatchObject({ requests: { limit: 7 }, denials: { limit: 10 } });
  expect(prod?.hours).toEqual({ from: 22, to: 6 });
  expect(dev?.locate(['budgets', 'requests', 'limit'])).toMatchObject({ file: 'broker.yaml', line: 2, column: 31 });
  expect(prod?.locate(['budgets', 'requests', 'limit'])).toMatchObject({ line: 5, column: 41 });
  expect(prod?.locate(['hours'])).toMatchObject({ line: 3, column: 8 });
});

it('an issuer stands to the letter, and its keys are where such keys are', () => {
  const [dev, prod] = brokers(
    `subjects:
  - { issuer: "https://login.\${env.name}.example.com/", audiences: ["\${env.account}", app] }
  - issuer: https://other.example.com
    audiences: app
    tokenUse: access
    algorithm: ES256
    jwks: https://keys.example.com/all
    claims: [tenant, "custom:id"]
`,
  );
  expect(dev?.subjects).toEqual([
    {
      issuer: 'https://login.dev.example.com/',
      audiences: ['123456789012', 'app'],
      algorithm: 'RS256',
      jwksUri: 'https://login.dev.example.com/.well-known/jwks.json',
      claims: [],
    },
    {
      issuer: 'https://other.example.com',
      audiences: ['app'],
      tokenUse: 'access',
      algorithm: 'ES256',
      jwksUri: 'https://keys.example.com/all',
      claims: ['custom:id', 'tenant'],
    },
  ]);
  expect(prod?.subjects[0]?.audiences).toEqual(['210987654321', 'app']);
});

describe('how many humans are asked', () => {
  const project = (approval: string) => ({
    'project.yaml': PROJECT.replace('only_dev: here }', `only_dev: here }\n    approval: ${approval}`),
  });
  const asked = (found: readonly Environment[]) =>
    found.map(({ approval, roles }) => {
      expect(roles[0]?.broker).toMatchObject(approval);
      return `${approval.humans} in ${approval.windowSeconds} s`;
    });

  it('is what the broker says', () => {
    expect(asked(environments('approval: { humans: 2, window: 5m }\n'))).toEqual(['2 in 300 s', '2 in 300 s']);
  });

  it('is what the broker says of the environment', () => {
    const broker = 'approval: { humans: 2, window: 5m }\nenvironments: { prod: { approval: { humans: 3 } } }\n';
    expect(asked(environments(broker))).toEqual(['2 in 300 s', '3 in 1800 s']);
  });

  it('is what the project says of the environment, all of it', () => {
    const broker = 'approval: { humans: 2, window: 5m }\n';
    expect(asked(environments(broker, project('{ humans: 4 }')))).toEqual(['4 in 1800 s', '2 in 300 s']);
  });

  it('is one human in half an hour where the broker is not, whatever it says', () => {
    const broker = 'approval: { humans: 2, window: 5m }\nenvironments: [prod]\n';
    expect(asked(environments(broker))).toEqual(['1 in 1800 s', '2 in 300 s']);
  });
});
