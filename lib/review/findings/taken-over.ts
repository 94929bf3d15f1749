/**
 * Determines which resources in the plan can be taken over with an action, and with which roles these resources run.
 */
import { compileGlob, overlaps, parseArn, resourcePattern } from '@leasehold/policy';
import type { RunningResource, RunningRole } from '../model';
import { isBroad } from './breadth';
import type { ReviewContext } from './finding';
import { type Power, powerOfAddresses, powerOfNamed, strongest } from './power-of';
import type { Gained } from './powers';

/** A resource that can be taken over, and the most powerful role with which it runs. */
export interface TakenOver {
  readonly address: string;
  readonly power: Power;
}

/**
 * The most powerful of the plan's resources that an identity can take over with the actions. `undefined` if the
 * plan shows no such resource. A resource that already runs with the identity is ignored, because taking it over gives
 * the identity no new permissions.
 */
export function takenOver(key: string, gained: readonly Gained[], context: ReviewContext): TakenOver | undefined {
  const found = (context.access.runningResources?.() ?? []).flatMap((running): readonly TakenOver[] => {
    const isTarget = gained.some(
      ({ action, resources }) =>
        isOfService(running.type, action) && resources.some((pattern) => isMeant(running, pattern)),
    );
    const powers = isTarget ? running.roles.map((role) => powerOfRole(role, context)) : [];
    const power = strongest(powers.filter(({ identity }) => identity?.key !== key));
    return power === undefined ? [] : [{ address: running.address, power }];
  });
  const power = strongest(found.map((each) => each.power));
  return found.find((each) => each.power === power);
}

function powerOfRole({ to, names }: RunningRole, context: ReviewContext): Power {
  return to === undefined ? powerOfAddresses(names, context) : powerOfNamed(to, context);
}

/** Services whose Terraform types have a different prefix, or whose actions control resources of other services. */
const PREFIXES: Readonly<Record<string, RegExp>> = {
  batch: /^aws_batch_/,
  codedeploy: /^aws_(instance|launch_template|launch_configuration)$/,
  ec2: /^aws_(instance|launch_template|launch_configuration|spot_\w+)$/,
  'ec2-instance-connect': /^aws_(instance|spot_instance_request)$/,
  elasticmapreduce: /^aws_emr_/,
  ssm: /^aws_(instance|spot_instance_request|ssm_\w+)$/,
  states: /^aws_sfn_/,
};

function isOfService(type: string, action: string): boolean {
  const [service = ''] = action.toLowerCase().split(':');
  return PREFIXES[service]?.test(type) ?? type.startsWith(`aws_${service.replaceAll('-', '')}_`);
}

/**
 * Whether the resource pattern in a policy can match a resource. Compares the pattern with the resource's ARN. If the
 * ARN is unknown, compares the parts of the pattern with the resource's names and address.
 */
function isMeant({ arn, names, address, type }: RunningResource, pattern: string): boolean {
  const resource = parseArn(pattern)?.resource;
  // The ARN of a task names the task's cluster, not the containers in the task.
  if (resource === undefined || type.startsWith('aws_ecs_')) return true;
  if (arn !== undefined) {
    return (
      pattern.startsWith(`${arn}:`) ||
      pattern.startsWith(`${arn}/`) ||
      overlaps(resourcePattern(pattern), resourcePattern(arn))
    );
  }
  if (isBroad(pattern)) return true;
  return [resource, ...resource.split(/[:/]/)].some((part) => {
    const matches = /^[*?]*$/.test(part) ? () => false : compileGlob(part);
    return [...names, address].some((name) => matches(name));
  });
}
