/** Finds AWS credentials on the agent's machine that the agent can read but that were not issued to it. */
import type { MachineVerification } from '../verification';
import type { FoundCredentials } from './machine';

export const hereEnvironment = credentialsIn(['environment'], {
  id: 'here-environment',
  title: "No environment variable contains credentials other than the agent's key",
  why: 'SDKs read environment variables before anything else. A call that should use a lease would therefore use the credentials in these variables.',
  hint: 'Unset it for the agent, or start the agent with `leasehold exec`.',
});

export const hereProfiles = credentialsIn(['profile', 'cache'], {
  id: 'here-profiles',
  title: 'No profile, file or cache contains other credentials',
  why: 'The agent can read every file of its operating system user, for example AWS profiles of a person, caches of the AWS CLI, and files of other tools.',
  hint: 'Run the agent as a separate operating system user that does not have these files.',
});

export const hereEndpoints = credentialsIn(['container', 'instance'], {
  id: 'here-endpoints',
  title: 'No container or instance endpoint provides credentials of a role',
  why: 'Every process on an EC2 instance or in a task can get the credentials of the instance role or the task role from a credentials endpoint, without a lease.',
  hint: 'Remove the role from the instance or task, or prevent the agent from reaching this address.',
});

function credentialsIn(
  kinds: readonly FoundCredentials['kind'][],
  facts: Pick<MachineVerification, 'id' | 'title' | 'why'> & { readonly hint: string },
): MachineVerification {
  const { hint, ...rest } = facts;
  return {
    ...rest,
    part: 'here',
    severity: 'high',
    verify: async ({ credentials }) =>
      (await credentials())
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ what, where }) => ({
          kind: 'damage',
          place: where,
          message: `The agent can get these credentials: ${what}.`,
          hint,
        })),
  };
}
