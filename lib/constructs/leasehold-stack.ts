import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import {
  alertRegions,
  consoleAddress,
  hasBroker,
  hasOwnBoundary,
  manifest,
  mfaAgents,
  REVOKED_PREFIX,
  rolesWithRevocationPolicy,
  stackName,
} from '@leasehold/documents';
import { LocalBackend, S3Backend, TerraformOutput, type TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { AgentIdentity } from './agent-identity';
import { Alerts } from './alerts';
import type { BrokerProps } from './broker/broker';
import { BrokerRole } from './broker-role';
import { FastStack } from './fast-stack';
import { literalValue } from './literal';
import { PurposeRole } from './purpose-role';
import { RevocationPolicy } from './revocation-policy';
import { RoleBoundary } from './role-boundary';

/** AWS provider versions with which the stacks are tested. */
export const PROVIDER_VERSION = '>= 5.100, < 7';

export interface LeaseholdStackProps {
  /** The environment to deploy: one account and region. */
  readonly environment: Environment;
  /** Path of the broker function's code. @default the bundle in the Leasehold package */
  readonly brokerCode?: string;
  /** Folder of the code and the files of the console's function. @default the bundle in the Leasehold package */
  readonly consoleCode?: string;
}

/** One environment as one Terraform stack. The stack can be applied only to the environment's account. */
export class LeaseholdStack extends FastStack {
  constructor(scope: Construct, id: string, { environment, brokerCode, consoleCode }: LeaseholdStackProps) {
    super(scope, id);
    backend(this, environment);
    const provider = (region: string, alias?: string) =>
      new AwsProvider(this, alias ?? 'aws', {
        region,
        ...defined({ alias }),
        allowedAccountIds: [environment.account],
        defaultTags: [{ tags: { 'leasehold:stack': stackName(environment) } }],
        // The broker revokes leases by setting tags on their role. No apply may remove these tags.
        ...(environment.broker ? { ignoreTags: [{ keyPrefixes: [REVOKED_PREFIX] }] } : {}),
      });
    provider(environment.region);
    this.addOverride('terraform.required_providers.aws', { source: 'hashicorp/aws', version: PROVIDER_VERSION });

    const agents = new Map(
      environment.agents.map((agent) => [
        agent.name,
        new AgentIdentity(this, `agent-${agent.name}`, { agent, environment }),
      ]),
    );
    const brokerRole = hasBroker(environment) ? new BrokerRole(this, 'broker', { environment }) : undefined;
    const boundary = new RoleBoundary(this, 'role-boundary', { environment });
    const revocable = rolesWithRevocationPolicy(environment);
    const revocation =
      revocable.length > 0 ? new RevocationPolicy(this, 'revocation-policy', { environment }) : undefined;
    const roles = environment.roles.map((role) => {
      const principals = [
        ...mfaAgents(role, environment).map((agent) => agents.get(agent.name)?.principal),
        ...(role.gates.includes('broker') ? [brokerRole?.role] : []),
      ].filter((principal) => principal !== undefined);
      const own = hasOwnBoundary(role)
        ? new RoleBoundary(this, `role-boundary-${role.name}`, { environment, role })
        : boundary;
      return new PurposeRole(this, `role-${role.name}`, {
        role,
        environment,
        boundary: own,
        principals,
        ...(revocable.includes(role) ? defined({ revocation }) : {}),
      });
    });

    const broker =
      environment.broker && brokerRole
        ? brokerIn(this, {
            environment,
            broker: environment.broker,
            role: brokerRole,
            ...defined({ code: brokerCode, consoleCode }),
          })
        : undefined;

    if (environment.alerts) {
      const elsewhere = alertRegions(environment).find((region) => region !== environment.region);
      new Alerts(this, 'alerts', {
        environment,
        alerts: environment.alerts,
        ...(elsewhere === undefined ? {} : { iamEventsProvider: provider(elsewhere, 'iam_events') }),
      });
    }

    const users = environment.agents.filter((agent) => agent.identity.type === 'iam-user');
    const [only, ...others] = users;
    output(this, 'agent_user_arn', only && others.length === 0 ? agents.get(only.name)?.arn : undefined);
    output(this, 'agent_arns', Object.fromEntries([...agents].map(([name, { arn }]) => [name, arn])));
    output(
      this,
      'role_arns',
      Object.fromEntries(environment.roles.map((role, index) => [role.name, roles[index]?.arn])),
    );
    const said = literalValue(manifest(environment, broker?.url));
    const address = broker && consoleAddress(environment, broker.url);
    // Only addresses of the broker, which AWS generates, are references. All other values are literals.
    const value =
      said.broker && broker
        ? { ...said, broker: { ...said.broker, url: broker.url, ...defined({ console: address }) } }
        : said;
    output(this, 'console_url', address && `${address}/`);
    output(this, 'console_dns_target', broker?.dnsTarget);
    this.literalOutput('leasehold', value);
  }
}

/**
 * Always sets the state's location: cdktf's default would put an absolute path of this machine into the stack. A local
 * state is stored next to `cdktf.json`, three folders above `cdktf.out/stacks/<stack>`, where synth does not delete it.
 */
function backend(stack: TerraformStack, { backend, ...environment }: Environment): void {
  if (backend.type === 'local') {
    new LocalBackend(stack, { path: `../../../terraform.${environment.project}-${environment.name}.tfstate` });
    return;
  }
  new S3Backend(stack, {
    bucket: backend.bucket,
    key: backend.key,
    region: backend.region,
    encrypt: true,
    allowedAccountIds: [environment.account],
    ...defined({ kmsKeyId: backend.kmsKeyId }),
  });
  // Native state locking in S3 (Terraform 1.10). This version of cdktf has no property for this setting.
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
}

/**
 * Loads the broker's construct only for a stack with a broker, because its resource bindings take as long to load as
 * all other bindings together.
 */
function brokerIn(stack: TerraformStack, props: BrokerProps) {
  const { Broker } = require('./broker/broker') as typeof import('./broker/broker');
  return new Broker(stack, 'broker-service', props);
}

function output(stack: TerraformStack, name: string, value: unknown): void {
  if (value === undefined) return;
  new TerraformOutput(stack, name, { value, staticId: true });
}
