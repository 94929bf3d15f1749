/** Resources that no role may access, and a check that finds roles with such access. */
import type { Environment, Role } from '@leasehold/definitions';
import { type ActionInfo, accessOf, type Catalogue } from '@leasehold/policy';
import type { Complaint } from './guardrail';
import { listed, readAllows } from './reading';
import { namesSame, resourcesOf } from './resources';

/** A resource on which the project itself depends. */
export interface Target {
  readonly service: string;
  /** ARN of the target, which may contain `*`. */
  readonly arn: string;
  /** The target in words, as a noun phrase such as "the Terraform state". */
  readonly what: string;
  /** Whether the guardrail reports this action on the target. */
  concerns(action: ActionInfo): boolean;
  /** Whether a resource pattern that may match the target counts as a match. @default every such pattern counts */
  means?(text: string): boolean;
}

/** A target by its ARN. */
export function target(arn: string, what: string, concerns: (action: ActionInfo) => boolean): Target {
  return { service: arn.split(':')[2] ?? '', arn, what, concerns };
}

/** Caches the targets of an environment, because all its roles have the same targets. */
export function oncePerEnvironment(
  find: (environment: Environment) => readonly Target[],
): (environment: Environment) => readonly Target[] {
  const memory = new WeakMap<Environment, readonly Target[]>();
  return (environment) => {
    const targets = memory.get(environment) ?? find(environment);
    memory.set(environment, targets);
    return targets;
  };
}

/** Whether an action does more than read. */
export function changes(action: ActionInfo): boolean {
  return accessOf(action) !== 'read';
}

/** Reports each resource of a role that may match a target, if the role has a relevant action on this resource. */
export function* reached(role: Role, targets: readonly Target[], catalogue: Catalogue): Iterable<Complaint> {
  if (targets.length === 0) return;
  for (const allow of readAllows(role, catalogue)) {
    const services = new Set(allow.granted.map(({ service }) => service));
    const near = targets.filter(({ service }) => services.has(service));
    if (near.length === 0) continue;
    for (const { text, index } of resourcesOf(allow)) {
      for (const each of near) {
        if (!namesSame(text, each.arn) || each.means?.(text) === false) continue;
        const able = allow.granted.filter(
          (action) => each.concerns(action) && catalogue.acceptsResource(action, each.arn),
        );
        if (able.length === 0) continue;
        yield {
          message: `\`${text}\` lets ${listed(able)} reach ${each.what}.`,
          hint: 'Write the resources of the task so that they do not match the resources in this finding.',
          at: role.locate(['allow', allow.index, 'resources', index]),
        };
      }
    }
  }
}
