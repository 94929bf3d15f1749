import type { BrokerRules, Environment, Role } from '@leasehold/definitions';
import { firstWritten } from '../finding-place';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';

/** The environment must have enough approvers, even if one of the approvers is the requester. */
export const approversForHumans: RoleGuardrail = {
  id: 'approvers-for-humans',
  title: 'There are enough approvers for the human approvals that a role requires',
  severity: 'error',
  page: pageOf('approvers-for-humans'),
  over: 'role',
  *check({ role, environment }) {
    if (role.broker === undefined || environment.broker === undefined) return;
    const complaint = tooFew(role.broker, environment);
    if (complaint !== undefined) yield { ...complaint, at: placeOf(role) };
  },
};

function tooFew(rules: BrokerRules, environment: Environment): Omit<Complaint, 'at'> | undefined {
  const { humans, reviewer } = rules;
  const { approvers } = environment;
  const have = approvers.length;
  const there = `the project has ${have === 0 ? 'none' : have}`;
  if (humans > have) {
    return {
      message: `The broker requires ${counted(humans)} to approve a lease of this role, but ${there} who can approve.`,
      hint: 'Name more people under `approvers` of the project, or ask for fewer.',
    };
  }
  // Requesters cannot approve their own lease.
  const own = humans > 0 && humans === have ? askingApprover(rules, environment) : undefined;
  if (own !== undefined) {
    return {
      severity: 'warning',
      message: `\`${own}\` may ask for this role and is one of the ${counted(humans)} that must approve, so nobody can open it for \`${own}\`.`,
      hint: 'Name one more person under `approvers` of the project.',
    };
  }
  // If the reviewer denies, fails or is unsure, one more human must approve, and at least one.
  if (reviewer === 'off' || humans < have) return undefined;
  return {
    severity: 'warning',
    message: `The reviewer may require approvals from ${counted(humans + 1)} for this role, but ${there} who can approve, so escalated requests expire.`,
    hint: 'Name one more person under `approvers` of the project.',
  };
}

function counted(humans: number): string {
  return humans === 1 ? 'one human' : `${humans} humans`;
}

/** An approver in a group that may request the role. Names are compared like IAM user names. */
function askingApprover({ eligible }: BrokerRules, { approvers, principals }: Environment): string | undefined {
  const asking = principals.filter(({ groups }) => groups.some((group) => eligible.groups.includes(group)));
  const names = new Set(asking.map(({ name }) => name.toLowerCase()));
  return approvers.find((name) => names.has(name.toLowerCase()));
}

function placeOf({ locate }: Role) {
  return firstWritten(locate, ['approval', 'humans'], ['gate']);
}
