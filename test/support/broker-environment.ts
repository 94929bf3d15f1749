/** An environment with a broker for a test, which overrides only what it speaks of. */
import { knownTextHash } from '@leasehold/documents';
import type { Broker, BrokerRules, Environment, Locate, Principal, Role } from '../../lib/definitions/model';
import { anAgent, anEnvironment, aParameter, aReleaseRole, aRole } from './environment';

const nowhere: Locate = () => ({ file: 'roles/test.yaml', line: 1, column: 1, endLine: 1, endColumn: 1 });

/** A broker whose reviewer is a model of Amazon Bedrock, by an inference profile. */
export function aBroker(overrides: Partial<Broker> = {}): Broker {
  return {
    reviewer: {
      provider: 'bedrock',
      model: 'apac.anthropic.claude-sonnet-4-20250514-v1:0',
      region: 'ap-northeast-2',
      timeoutSeconds: 10,
    },
    budgets: { requests: { limit: 60, windowSeconds: 60 }, denials: { limit: 10, windowSeconds: 600 } },
    subjects: [],
    locate: nowhere,
    ...overrides,
  };
}

/** Rules by which agents `agent` and `worker`, and people of group `staff`, may ask. */
export function brokerRules(overrides: Partial<BrokerRules> = {}): BrokerRules {
  return {
    humans: 1,
    windowSeconds: 1800,
    reviewer: 'decide',
    eligible: { agents: ['agent', 'worker'], groups: ['staff'] },
    ...overrides,
  };
}

/** Role `refund`, opened by the broker, whose customer is bound to the signed-in user. */
export function aBrokeredRole(overrides: Partial<Role> = {}): Role {
  return aRole({
    name: 'refund',
    purpose: 'Read the refunds of one customer.',
    access: 'read',
    gates: ['broker'],
    agents: ['agent', 'worker'],
    broker: brokerRules(),
    parameters: [
      aParameter({ name: 'customer', description: 'The customer.', pattern: '[0-9]{1,12}', from: 'subject.sub' }),
    ],
    allow: [
      { actions: ['s3:GetObject'], resources: ['arn:aws:s3:::hermes-dev-refunds/${param.customer}/*'], conditions: {} },
    ],
    ...overrides,
  });
}

/** ARN of the policy that {@link anAuditRole} has. */
export const SECURITY_AUDIT = 'arn:aws:iam::aws:policy/SecurityAudit';

/** Role `audit`, for people of group `staff` only, with a policy that AWS manages, pinned to its current text. */
export function anAuditRole(overrides: Partial<Role> = {}): Role {
  return aRole({
    name: 'audit',
    purpose: 'Read the configuration of the account.',
    access: 'read',
    gates: ['broker'],
    agents: [],
    broker: brokerRules({ reviewer: 'off', eligible: { agents: [], groups: ['staff'] } }),
    allow: [],
    managedPolicies: [
      {
        arn: SECURITY_AUDIT,
        sha256: knownTextHash(SECURITY_AUDIT) ?? '',
        because: 'The audit follows this policy.',
        sensitive: 'An audit compares who may do what.',
      },
    ],
    deny: [{ actions: ['config:DeliverConfigSnapshot'], resources: ['*'], conditions: {} }],
    ...overrides,
  });
}

/** Person `alice` of group `staff`, who is no administrator. */
export function aPerson(overrides: Partial<Principal> = {}): Principal {
  return {
    kind: 'person',
    name: 'alice',
    groups: ['staff'],
    administrator: false,
    policy: 'May read what she needs to help one customer.',
    locate: nowhere,
    ...overrides,
  };
}

/**
 * Environment `dev` of project `hermes` with a broker. Agent `agent` is an IAM user, `worker` a Lambda function, `idle`
 * may ask for nothing; `alice` is of the staff, `ada` an administrator, `lead` and `oncall` approve. Role `refund` is the
 * broker's, `s3-deploy` is opened by either gate, `report` by MFA alone.
 */
export function aBrokerEnvironment(overrides: Partial<Environment> = {}): Environment {
  return anEnvironment({
    agents: [
      anAgent(),
      anAgent({ name: 'idle', identity: { type: 'ec2' } }),
      anAgent({ name: 'worker', identity: { type: 'lambda' } }),
    ],
    roles: [
      aBrokeredRole(),
      aRole({ name: 'report' }),
      aReleaseRole({ gates: ['broker', 'mfa'], broker: brokerRules({ humans: 2 }) }),
    ],
    principals: [
      { ...aPerson({ name: 'agent', groups: [] }), kind: 'agent' },
      aPerson({ name: 'ada', administrator: true }),
      aPerson(),
      aPerson({ name: 'oncall', groups: [], userArn: 'arn:aws:iam::123456789012:user/operations/oncall' }),
    ],
    broker: aBroker(),
    ...overrides,
  });
}
