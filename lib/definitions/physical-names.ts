/** Names as AWS will see them: `<project>-<environment>-<name>`, of roles and of agents. */
import type { Checked } from './checked';
import type { Complaint, Complaints } from './complaints';
import type { SourceRange } from './finding';
import type { ProjectYaml } from './schema-project';

/** IAM's limit for the names of users and roles: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
const MAX_NAME = 64;

/** A role or an agent in one environment. */
export interface Named {
  readonly what: 'role' | 'agent';
  readonly name: string;
  readonly environment: string;
  readonly account: string;
  readonly at: () => SourceRange;
}

/** Complains of names that are too long for IAM, and of two things that would have one name in one account. */
export function checkNames(project: Checked<ProjectYaml>, all: readonly Named[], complaints: Complaints): void {
  const prefix = project.yaml.name;
  // The broker, where there is one, has an execution role of its own in every environment.
  const owners = new Map<string, string>();
  const longest = new Map<string, Named>();
  for (const named of all) {
    const { what, name, environment, account } = named;
    const physical = `${prefix}-${environment}-${name}`;
    const before = longest.get(`${what} ${name}`);
    if (before === undefined || before.environment.length < environment.length) longest.set(`${what} ${name}`, named);
    const key = `${account} ${physical}`;
    const owner = name === 'broker' ? 'the execution role of the broker' : owners.get(key);
    if (owner !== undefined) complaints.add(named.at(), collision(named, physical, owner), environment);
    else owners.set(key, `the ${what} \`${name}\` of environment \`${environment}\``);
  }
  for (const named of longest.values()) {
    const physical = `${prefix}-${named.environment}-${named.name}`;
    if (physical.length > MAX_NAME) complaints.add(named.at(), tooLong(named, physical));
  }
}

function collision({ what, name }: Named, physical: string, owner: string): Complaint {
  return {
    id: 'name-collision',
    message: `The ${what} \`${name}\` would be called \`${physical}\` in its account, and so would ${owner}.`,
    mend: 'Rename one of the two.',
  };
}

function tooLong({ what, name, environment }: Named, physical: string): Complaint {
  const over = physical.length - MAX_NAME;
  return {
    id: 'name-too-long',
    message: `The ${what} \`${name}\` is called \`${physical}\` in \`${environment}\`: ${over} ${over === 1 ? 'character' : 'characters'} over the ${MAX_NAME} that IAM takes.`,
    expected: `\`<project>-<environment>-<${what}>\` of at most ${MAX_NAME} characters`,
    mend: `Shorten the name of the ${what}, the environment or the project.`,
  };
}
