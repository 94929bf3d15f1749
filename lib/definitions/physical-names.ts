/** The names of roles and agents in AWS: `<project>-<environment>-<name>`. */
import type { Checked } from './checked';
import type { Complaints } from './complaints';
import type { SourceRange } from './finding';
import type { ProjectYaml } from './schema-project';

/**
 * IAM's limit for the names of users and roles:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_NAME = 64;

/** A role or an agent in one environment. */
export interface Named {
  readonly what: 'role' | 'agent';
  readonly name: string;
  readonly environment: string;
  readonly at: () => SourceRange;
}

/** Reports each name that is too long for IAM only once, in the environment in which the name is longest. */
export function checkNames(project: Checked<ProjectYaml>, all: readonly Named[], complaints: Complaints): void {
  const longest = new Map<string, Named>();
  for (const named of all) {
    const key = `${named.what} ${named.name}`;
    const before = longest.get(key);
    if (before === undefined || before.environment.length < named.environment.length) longest.set(key, named);
  }
  for (const { what, name, environment, at } of longest.values()) {
    const physical = `${project.yaml.name}-${environment}-${name}`;
    const over = physical.length - MAX_NAME;
    if (over <= 0) continue;
    complaints.add(at(), {
      id: 'name-too-long',
      message: `The ${what} \`${name}\` is called \`${physical}\` in \`${environment}\`: ${over} ${over === 1 ? 'character' : 'characters'} more than the ${MAX_NAME} that IAM permits.`,
      expected: `\`<project>-<environment>-<${what}>\` of at most ${MAX_NAME} characters`,
      hint: `Shorten the name of the ${what}, the environment or the project.`,
    });
  }
}
