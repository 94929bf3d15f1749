import { agentBoundary, ask } from '../../documents';
import { COUNT_QUOTAS, checkSize } from '../../policy';
import { type EnvironmentGuardrail, pageOf } from '../guardrail';

/** What lets an agent ask for its roles fits on its user. */
export const agentPolicies: EnvironmentGuardrail = {
  id: 'agent-policies',
  title: 'The policies with which an agent asks fit on its user',
  severity: 'error',
  page: pageOf('agent-policies'),
  over: 'environment',
  *check({ environment }) {
    for (const agent of environment.agents) {
      const count = ask(agent, environment).length;
      const most = COUNT_QUOTAS.managedPoliciesPerUser.value;
      const at = () => agent.locate(['agents', agent.name]);
      if (count > most) {
        yield {
          message: `Agent \`${agent.name}\` needs ${count} policies to ask for its roles, and a user takes ${most}.`,
          mend: 'Spread the roles over several agents.',
          at: at(),
        };
      }
      const { size, limit, over } = checkSize('permissions-boundary', agentBoundary(agent, environment));
      if (over) {
        yield {
          message: `The boundary of agent \`${agent.name}\` would have ${size} characters, and IAM takes ${limit}.`,
          mend: 'Shorten the names of the project and of the environment.',
          at: at(),
        };
      }
    }
  },
};
