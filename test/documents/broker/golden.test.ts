/** Every document of a broker that is deployed, as an auditor would read it. */
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import {
  agentBoundary,
  alertTopicPolicy,
  ask,
  brokerAlarms,
  brokerBoundary,
  brokerConfig,
  brokerPermissions,
  brokerVariables,
  consoleBoundary,
  consolePermissions,
  consoleTrust,
  consoleVariables,
  manifest,
  OUTCOME_FILTERS,
  OUTCOME_TEMPLATE,
  outcomesBoundary,
  outcomesPermissions,
  outcomesTrust,
  PERSON_KINDS,
  personBoundary,
  personPermissions,
  personTrust,
  rolePolicy,
} from '@leasehold/documents';
import type { Broker } from '../../../lib/definitions/model';
import { aBroker, aBrokerEnvironment, aBrokeredRole } from '../../support/broker-environment';
import { anAgent } from '../../support/environment';
import { expectGolden } from '../../support/golden';
import { aPeopleEnvironment, somePeople } from '../../support/people-environment';

const golden = (name: string) => join(__dirname, 'golden', `${name}.json`);
const environment = aBrokerEnvironment();

describe('the function of the console', () => {
  it('may do exactly this, is bounded to it, and is told this', () => {
    const withPeople = aPeopleEnvironment();
    expectGolden(golden('console-function'), {
      permissions: consolePermissions(withPeople),
      boundary: consoleBoundary(withPeople),
      trust: consoleTrust(),
      variables: consoleVariables(withPeople, somePeople()),
    });
  });
});

describe('the function', () => {
  it('may do exactly this', () => {
    expectGolden(golden('function-permissions'), brokerPermissions(environment));
  });

  it('is bounded to it', () => {
    expectGolden(golden('function-boundary'), brokerBoundary(environment));
  });

  it.each<[string, Partial<Broker>]>([
    ['no model', {}],
    ['a model of Bedrock', { reviewer: bedrock('anthropic.claude-3-5-haiku-20241022-v1:0') }],
    [
      'a model by an inference profile of its own',
      { reviewer: bedrock('arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/a1b2c3d4e5f6') },
    ],
    [
      'a model of OpenAI',
      {
        reviewer: {
          provider: 'openai',
          model: 'gpt-5',
          endpoint: 'https://api.openai.com/v1',
          key: true,
          timeoutSeconds: 10,
        },
      },
    ],
    [
      'a model of its own without a key',
      {
        reviewer: {
          provider: 'openai',
          model: 'qwen',
          endpoint: 'https://llm.local/v1',
          key: false,
          timeoutSeconds: 9,
        },
      },
    ],
    [
      'a model of Anthropic',
      {
        reviewer: {
          provider: 'anthropic',
          model: 'claude-sonnet-4-5',
          endpoint: 'https://api.anthropic.com',
          key: true,
          timeoutSeconds: 10,
        },
      },
    ],
  ])('with %s may ask it', (name, { reviewer }) => {
    const { reviewer: _, ...without } = aBroker();
    const where = aBrokerEnvironment({ broker: { ...without, ...defined({ reviewer }) } });
    expectGolden(golden(`function-with-${name.toLowerCase().replaceAll(' ', '-')}`), [
      ...brokerPermissions(where).slice(0, 1),
      brokerBoundary(where),
    ]);
  });

  it('reads this configuration', () => {
    expectGolden(golden('function-configuration'), JSON.parse(brokerConfig(environment)));
  });

  it('is started with these variables', () => {
    expectGolden(golden('function-variables'), brokerVariables(environment));
  });
});

describe.each(PERSON_KINDS)('the role of a %s', (kind) => {
  it('is taken on, permits and is bounded so', () => {
    expectGolden(golden(`person-${kind}`), {
      trust: personTrust(kind, environment),
      policies: personPermissions(kind, environment),
      boundary: personBoundary(kind, environment),
    });
  });
});

describe('an agent', () => {
  it.each(environment.agents)('$name asks so', (agent) => {
    expectGolden(golden(`agent-${agent.name}`), {
      policies: ask(agent, environment),
      boundary: agentBoundary(agent, environment),
    });
  });

  it('asks no broker that is not there', () => {
    const { broker: _, ...without } = environment;
    expect(ask(anAgent({ name: 'worker', identity: { type: 'lambda' } }), without)).toEqual([]);
  });
});

it('a role that the broker opens can be taken back', () => {
  expectGolden(golden('role-that-can-be-taken-back'), rolePolicy(aBrokeredRole()));
});

it('the manifest says where the broker is and what it asks', () => {
  expectGolden(golden('manifest'), manifest(environment, 'https://abc.execute-api.ap-northeast-2.amazonaws.com/stage'));
});

it('outcomes are told so', () => {
  expectGolden(golden('outcomes'), {
    trust: outcomesTrust(environment),
    permissions: outcomesPermissions(environment),
    boundary: outcomesBoundary(environment),
    filters: OUTCOME_FILTERS,
    template: OUTCOME_TEMPLATE,
  });
});

it('these alarms stand, and may tell the alert topic', () => {
  const alerts = { emails: [], trail: 'create' } as const;
  expectGolden(golden('alarms'), brokerAlarms(environment));
  expectGolden(golden('alert-topic'), alertTopicPolicy(environment, alerts, environment.region));
});

function bedrock(model: string): NonNullable<Broker['reviewer']> {
  return { provider: 'bedrock', model, region: 'eu-west-1', timeoutSeconds: 10 };
}
