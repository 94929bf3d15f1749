import type { Environment, SourceRange } from '@leasehold/definitions';
import {
  agentName,
  boundaryName,
  brokerRoleName,
  consoleFunctionName,
  hasBroker,
  hasConsole,
  hasOwnBoundary,
  mfaDeviceName,
  outcomesRoleName,
  ownBoundaryName,
  PERSON_KINDS,
  personRoleName,
  revocationPolicyName,
  roleBoundaryName,
  roleName,
  rolesWithRevocationPolicy,
} from '@leasehold/documents';
import { type ProjectGuardrail, pageOf } from '../guardrail';

/**
 * Two resources in one account must not have the same physical name. IAM ignores case and path when it compares names.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names)
 */
export const distinctNames: ProjectGuardrail = {
  id: 'distinct-names',
  title: 'No two roles, users, policies or MFA devices of an account have the same name',
  severity: 'error',
  page: pageOf('distinct-names'),
  unwaivable: 'one of the two objects would replace the other, or Terraform would fail during apply',
  over: 'project',
  *check({ definitions }) {
    const seen = new Map<string, string>();
    for (const environment of definitions.environments) {
      for (const { kind, name, what, at } of namedIn(environment)) {
        const key = `${environment.partition} ${environment.account} ${kind} ${name.toLowerCase()}`;
        const other = seen.get(key);
        if (other === undefined) {
          seen.set(key, what);
          continue;
        }
        yield {
          message: `${what} and ${other} would both be the ${kind} \`${name}\` of account ${environment.account}.`,
          hint: 'Rename one of them.',
          at: at(),
        };
      }
    }
  },
};

interface Named {
  readonly kind: 'role' | 'user' | 'policy' | 'MFA device';
  readonly name: string;
  /** For example "role `s3-deploy` of `dev`". */
  readonly what: string;
  at(): SourceRange;
}

function* namedIn(environment: Environment): Iterable<Named> {
  const of = `of \`${environment.name}\``;
  const here = () => environment.locate(['environments', environment.name]);
  yield { kind: 'policy', name: roleBoundaryName(environment), what: `The boundary of the roles ${of}`, at: here };
  if (hasBroker(environment)) {
    const name = brokerRoleName(environment);
    yield { kind: 'role', name, what: `The broker ${of}`, at: here };
    yield { kind: 'policy', name: boundaryName(name), what: `The boundary of the broker ${of}`, at: here };
  }
  if (rolesWithRevocationPolicy(environment).length > 0) {
    const name = revocationPolicyName(environment);
    yield { kind: 'policy', name, what: `The policy that revokes leases ${of}`, at: here };
  }
  for (const kind of environment.broker === undefined ? [] : PERSON_KINDS) {
    const name = personRoleName(kind, environment);
    yield { kind: 'role', name, what: `The role of each ${kind} ${of}`, at: here };
    yield { kind: 'policy', name: boundaryName(name), what: `The boundary of each ${kind} ${of}`, at: here };
  }
  if (environment.broker !== undefined) {
    const name = outcomesRoleName(environment);
    yield { kind: 'role', name, what: `The role that publishes outcomes ${of}`, at: here };
    yield {
      kind: 'policy',
      name: boundaryName(name),
      what: `The boundary of the role that publishes outcomes ${of}`,
      at: here,
    };
  }
  if (hasConsole(environment)) {
    const name = consoleFunctionName(environment);
    yield { kind: 'role', name, what: `The role of the console ${of}`, at: here };
    yield { kind: 'policy', name: boundaryName(name), what: `The boundary of the role of the console ${of}`, at: here };
  }
  for (const agent of environment.agents) {
    if (agent.identity.type === 'existing-role') continue;
    const kind = agent.identity.type === 'iam-user' ? 'user' : 'role';
    const at = () => agent.locate(['agents', agent.name]);
    const name = agentName(agent, environment);
    yield { kind, name, what: `Agent \`${agent.name}\` ${of}`, at };
    yield { kind: 'policy', name: boundaryName(name), what: `The boundary of agent \`${agent.name}\` ${of}`, at };
    for (const approver of kind === 'user' ? environment.approvers : []) {
      const what = `The device of \`${approver}\` on agent \`${agent.name}\` ${of}`;
      yield { kind: 'MFA device', name: mfaDeviceName(approver, agent, environment), what, at };
    }
  }
  for (const role of environment.roles) {
    const at = () => role.locate(['name']);
    yield { kind: 'role', name: roleName(role, environment), what: `Role \`${role.name}\` ${of}`, at };
    if (hasOwnBoundary(role)) {
      const name = ownBoundaryName(role, environment);
      yield { kind: 'policy', name, what: `The boundary of role \`${role.name}\` ${of}`, at };
    }
  }
}
