import type { Environment, SourceRange } from '@leasehold/definitions';
import {
  agentBoundary,
  ask,
  brokerBoundary,
  brokerPermissions,
  hasBroker,
  type PersonKind,
  personKinds,
  personTrust,
} from '@leasehold/documents';
import { COUNT_QUOTAS, checkSize, type PolicyDocument } from '@leasehold/policy';
import { type Complaint, type EnvironmentGuardrail, pageOf } from '../guardrail';

/** The policies that permit agents, the broker and people to request roles must not exceed IAM's quotas. */
export const agentPolicies: EnvironmentGuardrail = {
  id: 'agent-policies',
  title: 'The policies that permit lease requests fit into the IAM quotas of a user or role',
  severity: 'error',
  page: pageOf('agent-policies'),
  over: 'environment',
  *check({ environment }) {
    for (const agent of environment.agents) {
      const at = () => agent.locate(['agents', agent.name]);
      const count = ask(agent, environment).length;
      yield* tooMany(`Agent \`${agent.name}\``, count, COUNT_QUOTAS.managedPoliciesPerUser.value, at);
      yield* tooLong(`agent \`${agent.name}\``, agentBoundary(agent, environment), at);
    }
    if (!hasBroker(environment)) return;
    const at = () => environment.locate(['environments', environment.name]);
    yield* tooMany('The broker', brokerPermissions(environment).length, COUNT_QUOTAS.managedPoliciesPerRole.value, at);
    yield* tooLong('the broker', brokerBoundary(environment), at);
    for (const kind of personKinds(environment)) yield* tooManyPeople(kind, environment, at);
  },
};

function* tooMany(who: string, count: number, most: number, at: () => SourceRange): Iterable<Complaint> {
  if (count <= most) return;
  yield {
    message: `${who} needs ${count} policies to request its roles, and IAM permits ${most} per identity.`,
    hint: 'Distribute the roles across several agents or several environments.',
    at: at(),
  };
}

function* tooManyPeople(kind: PersonKind, environment: Environment, at: () => SourceRange): Iterable<Complaint> {
  const { size, limit, over } = checkSize('trust-policy', personTrust(kind, environment));
  if (!over) return;
  yield {
    message: `The trust policy of the role that each ${kind} assumes would have ${size} characters, but IAM permits only ${limit}.`,
    hint: 'List fewer people, or let people request leases through agents.',
    at: at(),
  };
}

function* tooLong(whose: string, boundary: PolicyDocument, at: () => SourceRange): Iterable<Complaint> {
  const { size, limit, over } = checkSize('permissions-boundary', boundary);
  if (!over) return;
  yield {
    message: `The boundary of ${whose} would have ${size} characters, but IAM permits only ${limit}.`,
    hint: 'Shorten the names of the project and of the environment.',
    at: at(),
  };
}
