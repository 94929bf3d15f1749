import { hasBroker, PERSON_KINDS } from '@leasehold/documents';
import { type ProjectGuardrail, pageOf } from '../guardrail';

/** Default quota of roles in an account. AWS publishes two values; this is the lower value. */
const ROLES_PER_ACCOUNT = 1000;

/**
 * The project's roles must not exceed the quotas of their accounts. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const rolesPerAccount: ProjectGuardrail = {
  id: 'roles-per-account',
  title: 'The roles of a project fit into the default quota of their account',
  severity: 'warning',
  page: pageOf('roles-per-account'),
  over: 'project',
  *check({ definitions }) {
    const counts = new Map<string, number>();
    for (const environment of definitions.environments) {
      const { partition, account, roles, agents } = environment;
      const bases = agents.filter(({ identity }) => identity.type !== 'iam-user' && identity.type !== 'existing-role');
      const before = counts.get(`${partition} ${account}`) ?? 0;
      // The roles that people assume to call the broker, and the role of the outcomes pipe.
      const beside = environment.broker === undefined ? 0 : PERSON_KINDS.length + 1;
      const count = before + roles.length + bases.length + (hasBroker(environment) ? 1 : 0) + beside;
      counts.set(`${partition} ${account}`, count);
      if (count <= ROLES_PER_ACCOUNT || before > ROLES_PER_ACCOUNT) continue;
      yield {
        message: `This project creates ${count} roles in account ${account}. The role quota of this account may be only ${ROLES_PER_ACCOUNT}.`,
        hint: "Check the account's quota with `aws iam get-account-summary`, and ask AWS for more before deploying.",
        at: environment.locate(['environments', environment.name]),
      };
    }
  },
};
