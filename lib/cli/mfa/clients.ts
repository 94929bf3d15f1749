/** The IAM and STS clients for managing MFA devices, and a check of the caller's identity. */
import type { IAMClient } from '@aws-sdk/client-iam';
import type { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { agentArn, agentName, roleName } from '@leasehold/documents';
import { MfaError, refusal } from './error';

/** AWS clients with an administrator's credentials. */
export interface MfaClients {
  readonly iam: IAMClient;
  readonly sts: STSClient;
}

/**
 * AWS clients with the credentials of a profile or, without a profile, with the credentials that the AWS SDK finds.
 * The clients use the certificates and the proxy that environment variables specify.
 * @throws LeaseError if the certificates cannot be read or the proxy is invalid
 */
export function mfaClients(environment: Environment, profile?: string, env = process.env): MfaClients {
  const { IAMClient } = require('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam');
  const { STSClient } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  const config = { region: environment.region, ...defined({ profile }) };
  const { connectionTo } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  const by = (endpoint: string | undefined, host: string) => ({
    requestHandler: connectionTo(endpoint || env.AWS_ENDPOINT_URL || `https://${host}`, env),
  });
  return {
    iam: new IAMClient({ ...config, ...by(env.AWS_ENDPOINT_URL_IAM, 'iam.amazonaws.com') }),
    sts: new STSClient({
      ...config,
      ...by(env.AWS_ENDPOINT_URL_STS, `sts.${environment.region}.amazonaws.com`),
    }),
  };
}

/**
 * Checks that the caller is a person in the right account, because an agent that can change devices can forge
 * approvals.
 * @throws MfaError `own-identity`, `other-account`, `refused`
 */
export async function demandAdministrator({ sts }: MfaClients, environment: Environment): Promise<void> {
  const { GetCallerIdentityCommand } = require('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  const { Arn: arn = '', Account: account } = await sts.send(new GetCallerIdentityCommand({})).catch((error) => {
    throw refusal(error, 'Asking who asks');
  });
  if (isAgents(arn, environment)) {
    throw new MfaError(
      'own-identity',
      `${arn} is an agent’s identity: no agent may touch the devices of those who approve it`,
      'Use an administrator’s credentials, on a machine where no agent runs.',
    );
  }
  if (arn !== '' && account === environment.account) return;
  throw new MfaError(
    'other-account',
    `${arn} is of account ${account}, and ${environment.name} is account ${environment.account}`,
    'Use credentials of that account.',
  );
}

/**
 * Whether an ARN belongs to an agent: to the agent's user or base role, a session of the base role, or one of the
 * agent's leases.
 */
function isAgents(arn: string, environment: Environment): boolean {
  const { agents, roles } = environment;
  if (agents.some((agent) => agentArn(agent, environment) === arn)) return true;
  const session = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (session === undefined) return false;
  const own = agents.map((agent) =>
    agent.identity.type === 'existing-role'
      ? agent.identity.roleArn.slice(agent.identity.roleArn.lastIndexOf('/') + 1)
      : agentName(agent, environment),
  );
  return [...own, ...roles.map((role) => roleName(role, environment))].includes(session);
}
