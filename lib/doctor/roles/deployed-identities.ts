/** Lists every user and role in a stack with its policy documents, for the comparison with the live account. */
import type { Environment, Role } from '@leasehold/definitions';
import {
  AGENT_PATH,
  agentBoundary,
  agentName,
  agentTrust,
  ask,
  BROKER_PATH,
  boundaryName,
  brokerBoundary,
  brokerPermissions,
  brokerRoleName,
  brokerTrust,
  CONSOLE_ROLE_PATH,
  consoleBoundary,
  consoleFunctionName,
  consolePermissions,
  consoleTrust,
  hasBroker,
  hasConsole,
  hasOwnBoundary,
  iamArn,
  isBrokered,
  managedArns,
  managedDocuments,
  NO_DENIALS,
  OUTCOMES_PATH,
  outcomesBoundary,
  outcomesPermissions,
  outcomesRoleName,
  outcomesTrust,
  ownBoundaryName,
  PEOPLE_PATH,
  personBoundary,
  personKinds,
  personPermissions,
  personRoleName,
  personTrust,
  policyArn,
  revocationPolicy,
  revocationPolicyArn,
  roleBoundary,
  roleBoundaryName,
  roleName,
  rolePath,
  rolePolicy,
  rolesWithRevocationPolicy,
  trust,
} from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { readDenials } from '../broker/revocation-policy';

/** The purpose of a deployed identity. */
export type DeployedPart = 'agent' | 'purpose' | 'broker' | 'person' | 'outcomes' | 'console';

/** A user or role as deployed by the definitions. */
export interface DeployedRoleOrUser {
  readonly part: DeployedPart;
  readonly kind: 'user' | 'role';
  readonly name: string;
  readonly arn: string;
  /** Inline policies by name. */
  readonly inline: ReadonlyMap<string, PolicyDocument>;
  /** Attached policies by ARN. */
  readonly attached: ReadonlyMap<string, PolicyDocument>;
  /**
   * Whether an attached policy is the revocation policy and has the form of the documents that the broker writes. Such
   * documents contain only Deny statements.
   */
  readonly isRevocation: (arn: string, text: string) => boolean;
  readonly boundary: { readonly arn: string; readonly document: PolicyDocument };
  /** `undefined` for a user. */
  readonly trust: PolicyDocument | undefined;
  /** Whether the broker may set tags `revoked.*` on the role. */
  readonly revocable: boolean;
}

/** Maximum session duration of every role, in seconds. */
export const SESSION_SECONDS = 3600;

/** The deployed users and roles of an environment. They are composed once, because most verifications need them. */
export function deployedIdentities(environment: Environment): readonly DeployedRoleOrUser[] {
  const known = composed.get(environment) ?? compose(environment);
  composed.set(environment, known);
  return known;
}

const composed = new WeakMap<Environment, readonly DeployedRoleOrUser[]>();

function compose(environment: Environment): readonly DeployedRoleOrUser[] {
  const revocable = rolesWithRevocationPolicy(environment);
  return [
    ...composeAgents(environment),
    ...environment.roles.map((role): DeployedRoleOrUser => {
      const own = hasOwnBoundary(role);
      return {
        ...named('purpose', 'role', rolePath(environment), roleName(role, environment), environment),
        inline: new Map([[role.name, rolePolicy(role)]]),
        attached: attachedTo(role),
        ...(revocable.includes(role) ? revocation(environment) : {}),
        boundary: {
          arn: policyArn(own ? ownBoundaryName(role, environment) : roleBoundaryName(environment), environment),
          document: roleBoundary(role, environment),
        },
        trust: trust(role, environment),
        revocable: environment.broker !== undefined && isBrokered(role),
      };
    }),
    ...(hasBroker(environment) ? [brokerRole(environment)] : []),
    ...personKinds(environment).map((kind): DeployedRoleOrUser => {
      const name = personRoleName(kind, environment);
      return {
        ...named('person', 'role', PEOPLE_PATH, name, environment),
        attached: numbered(`${name}-call`, personPermissions(kind, environment), environment),
        boundary: boundary(name, personBoundary(kind, environment), environment),
        trust: personTrust(kind, environment),
      };
    }),
    ...(environment.broker === undefined ? [] : [outcomesRole(environment)]),
    ...(hasConsole(environment) ? [consoleRole(environment)] : []),
  ];
}

/** The base identities of agents that Leasehold creates. */
export function deployedAgents(environment: Environment): readonly DeployedRoleOrUser[] {
  return deployedIdentities(environment).filter(({ part }) => part === 'agent');
}

function composeAgents(environment: Environment): readonly DeployedRoleOrUser[] {
  return environment.agents
    .filter(({ identity }) => identity.type !== 'existing-role')
    .map((agent) => {
      const name = agentName(agent, environment);
      const kind = agent.identity.type === 'iam-user' ? 'user' : 'role';
      return {
        ...named('agent', kind, AGENT_PATH, name, environment),
        attached: numbered(`${name}-ask`, ask(agent, environment), environment),
        boundary: boundary(name, agentBoundary(agent, environment), environment),
        trust: agentTrust(agent, environment),
      };
    });
}

function revocation(environment: Environment): Pick<DeployedRoleOrUser, 'attached' | 'isRevocation'> {
  const revocationArn = revocationPolicyArn(environment);
  return {
    attached: new Map([[revocationArn, revocationPolicy(NO_DENIALS, environment)]]),
    isRevocation: (arn, text) => arn === revocationArn && readDenials(text, environment) !== undefined,
  };
}

function attachedTo(role: Role): ReadonlyMap<string, PolicyDocument> {
  const documents = managedDocuments(role);
  return new Map(managedArns(role).flatMap((arn, index) => (documents[index] ? [[arn, documents[index]]] : [])));
}

function brokerRole(environment: Environment): DeployedRoleOrUser {
  const name = brokerRoleName(environment);
  return {
    ...named('broker', 'role', BROKER_PATH, name, environment),
    attached: numbered(`${name}-ask`, brokerPermissions(environment), environment),
    boundary: boundary(name, brokerBoundary(environment), environment),
    trust: brokerTrust(),
  };
}

function outcomesRole(environment: Environment): DeployedRoleOrUser {
  const name = outcomesRoleName(environment);
  return {
    ...named('outcomes', 'role', OUTCOMES_PATH, name, environment),
    inline: new Map([['outcomes', outcomesPermissions(environment)]]),
    boundary: boundary(name, outcomesBoundary(environment), environment),
    trust: outcomesTrust(environment),
  };
}

function consoleRole(environment: Environment): DeployedRoleOrUser {
  const name = consoleFunctionName(environment);
  return {
    ...named('console', 'role', CONSOLE_ROLE_PATH, name, environment),
    inline: new Map([['log', consolePermissions(environment)]]),
    boundary: boundary(name, consoleBoundary(environment), environment),
    trust: consoleTrust(),
  };
}

function named(part: DeployedPart, kind: 'user' | 'role', path: string, name: string, environment: Environment) {
  return {
    part,
    kind,
    name,
    arn: iamArn(environment, `${kind}${path}${name}`),
    inline: new Map<string, PolicyDocument>(),
    attached: new Map<string, PolicyDocument>(),
    isRevocation: () => false,
    revocable: false,
  };
}

function boundary(name: string, document: PolicyDocument, environment: Environment) {
  return { arn: policyArn(boundaryName(name), environment), document };
}

function numbered(name: string, documents: readonly PolicyDocument[], environment: Environment) {
  return new Map(documents.map((document, index) => [policyArn(`${name}-${index + 1}`, environment), document]));
}
