import type { Environment, SourceRange } from '@leasehold/definitions';
import { agentArn } from '@leasehold/documents';
import { type Complaint, type ProjectGuardrail, pageOf } from '../guardrail';

/**
 * Names of requesters and approvers must be distinct, because the broker identifies a lease's requester, and the IAM
 * user of a session, by name. IAM ignores case and path when it compares user names in an account. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (names)
 */
export const distinctPeople: ProjectGuardrail = {
  id: 'distinct-people',
  title: 'No agent has the name of a person, and no two people have the same name',
  severity: 'error',
  page: pageOf('distinct-people'),
  unwaivable: 'nobody may approve their own lease, and people are identified by name',
  over: 'project',
  *check({ definitions }) {
    const users = new Map(definitions.environments.flatMap(agentUsers));
    for (const environment of definitions.environments) {
      if (environment.broker === undefined) continue;
      const people = peopleOf(environment);
      for (const person of people) {
        yield* takenForAgent(person, environment);
        const user = users.get(userKey(person.userArn));
        if (user !== undefined) {
          yield {
            message: `\`${person.name}\` is to be a person, and is the IAM user of agent \`${user}\`.`,
            hint: 'Name the IAM user of a human.',
            at: person.at(),
          };
        }
      }
      yield* alike(people);
    }
  },
};

interface Person {
  readonly name: string;
  readonly userArn: string;
  at(): SourceRange;
}

/** All approvers and all principals who are people, without duplicates. */
function peopleOf({ approvers, principals, partition, account, locate }: Environment): readonly Person[] {
  const known = principals.flatMap(({ kind, name, userArn, locate: at }): Person[] =>
    kind === 'person' ? [{ name, userArn: userArn ?? '', at: () => at(['name']) }] : [],
  );
  const others = approvers
    .filter((name) => !known.some((person) => person.name === name))
    .map((name): Person => {
      const userArn = `arn:${partition}:iam::${account}:user/${name}`;
      return { name, userArn, at: () => locate(['approvers']) };
    });
  return [...known, ...others];
}

function* takenForAgent({ name, at }: Person, { agents }: Environment): Iterable<Complaint> {
  const agent = agents.find((each) => each.name.toLowerCase() === name.toLowerCase());
  if (agent === undefined) return;
  yield {
    message: `\`${name}\` is a person, and \`${agent.name}\` is an agent: a lease of one could be mistaken for a lease of the other.`,
    hint: 'Rename one of the two.',
    at: at(),
  };
}

function* alike(people: readonly Person[]): Iterable<Complaint> {
  const seen = new Map<string, Person>();
  for (const person of people) {
    const key = person.name.toLowerCase();
    const other = seen.get(key);
    if (other === undefined) seen.set(key, person);
    else {
      yield {
        message: `\`${other.name}\` and \`${person.name}\` differ only in case, and are the same IAM user.`,
        hint: 'Write the exact name of the IAM user in both entries.',
        at: person.at(),
      };
    }
  }
}

function agentUsers(environment: Environment): readonly (readonly [string, string])[] {
  const { agents, name } = environment;
  return agents
    .filter(({ identity }) => identity.type === 'iam-user')
    .map((agent) => [userKey(agentArn(agent, environment)), `${agent.name}\` of \`${name}`] as const);
}

/** Account and name of a user, without the path. */
function userKey(arn: string): string {
  return `${arn.split(':')[4]} ${arn.slice(arn.lastIndexOf('/') + 1).toLowerCase()}`;
}
