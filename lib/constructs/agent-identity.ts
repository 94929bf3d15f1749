import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import type { IamPolicy } from '@cdktf/provider-aws/lib/iam-policy';
import { IamUser } from '@cdktf/provider-aws/lib/iam-user';
import { IamUserPoliciesExclusive } from '@cdktf/provider-aws/lib/iam-user-policies-exclusive';
import { IamUserPolicyAttachment } from '@cdktf/provider-aws/lib/iam-user-policy-attachment';
import { IamUserPolicyAttachmentsExclusive } from '@cdktf/provider-aws/lib/iam-user-policy-attachments-exclusive';
import type { Agent, Environment } from '@leasehold/definitions';
import {
  AGENT_PATH,
  agentArn,
  agentBoundary,
  agentName,
  agentTrust,
  ask,
  boundaryName,
  policyArn,
} from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { exclusiveRole } from './exclusive-role';
import { managedPolicies, managedPolicy } from './managed-policy';

export interface AgentIdentityProps {
  readonly agent: Agent;
  readonly environment: Environment;
}

/**
 * An agent's base identity. Its only permission is to request leases.
 *
 * `iam-user` creates a user without a password or access key; create the key outside of Terraform, so that it is never
 * in the Terraform state. A workload identity creates a base role with the trust policy of its platform.
 * `existing-role` creates nothing.
 */
export class AgentIdentity extends Construct {
  /** ARN, known at synth. */
  readonly arn: string;
  /** The resource that must exist before a trust policy can name this agent. Absent for `existing-role`. */
  readonly principal?: ITerraformDependable;

  constructor(scope: Construct, id: string, { agent, environment }: AgentIdentityProps) {
    super(scope, id);
    this.arn = agentArn(agent, environment);
    if (agent.identity.type === 'existing-role') return;

    const name = agentName(agent, environment);
    const boundaryOf = boundaryName(name);
    const boundary = {
      arn: policyArn(boundaryOf, environment),
      policy: managedPolicy(this, {
        id: 'boundary',
        name: boundaryOf,
        document: agentBoundary(agent, environment),
        description: `Boundary of agent ${agent.name}: it can ask for its roles, whatever else is attached to it.`,
        environment,
      }),
    };
    this.principal =
      agent.identity.type === 'iam-user'
        ? this.user(agent, environment, name, boundary)
        : this.baseRole(agent, environment, name, boundary);
  }

  private user(agent: Agent, environment: Environment, name: string, boundary: Boundary): IamUser {
    const user = new IamUser(this, 'user', {
      name,
      path: AGENT_PATH,
      permissionsBoundary: boundary.arn,
      dependsOn: [boundary.policy],
    });
    const policies = this.asking(agent, environment, name);
    const attachments = policies.map(
      ({ arn, resource }, index) =>
        new IamUserPolicyAttachment(this, `attachment-${index + 1}`, {
          user: name,
          policyArn: arn,
          dependsOn: [user, resource],
        }),
    );
    new IamUserPolicyAttachmentsExclusive(this, 'attached-exclusive', {
      userName: name,
      policyArns: policies.map(({ arn }) => arn),
      dependsOn: [user, ...attachments],
    });
    new IamUserPoliciesExclusive(this, 'inline-exclusive', { userName: name, policyNames: [], dependsOn: [user] });
    return user;
  }

  private baseRole(agent: Agent, environment: Environment, name: string, boundary: Boundary): ITerraformDependable {
    const trust = agentTrust(agent, environment);
    if (!trust) throw new TypeError(`identity type ${agent.identity.type} has no trust`);
    const { role } = exclusiveRole(this, {
      name,
      path: AGENT_PATH,
      description: `Base identity of agent ${agent.name}: it can ask for leases and do nothing else.`,
      trust,
      boundaryArn: boundary.arn,
      attached: this.asking(agent, environment, name),
      dependsOn: [boundary.policy],
    });
    if (agent.identity.type === 'ec2') {
      new IamInstanceProfile(this, 'instance-profile', { name, path: AGENT_PATH, role: name, dependsOn: [role] });
    }
    return role;
  }

  /**
   * The policies that permit the agent to request leases. A workload identity needs them only for roles with the gate
   * `broker`.
   */
  private asking(agent: Agent, environment: Environment, name: string) {
    return managedPolicies(this, {
      name: `${name}-ask`,
      documents: ask(agent, environment),
      description: `Lets agent ${agent.name} ask for its roles.`,
      environment,
    });
  }
}

interface Boundary {
  readonly arn: string;
  readonly policy: IamPolicy;
}
