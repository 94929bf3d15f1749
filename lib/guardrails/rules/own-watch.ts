import type { Environment } from '../../definitions/model';
import { alertRegions, watchName } from '../../documents';
import { type ActionInfo, accessOf } from '../../policy';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { listed, readAllows } from '../reading';
import { namesSame, resourcesOf } from '../resources';

/** No role reaches what deploys it or what watches it. */
export const ownWatch: RoleGuardrail = {
  id: 'own-watch',
  title: "No role reaches the project's Terraform state, its alerts or its trail",
  severity: 'error',
  page: pageOf('own-watch'),
  unwaivable: 'whoever writes the state or silences the alerts can undo every other protection',
  over: 'role',
  *check({ role, environment, catalogue }) {
    const targets = targetsOf(environment);
    if (targets.length === 0) return;
    for (const allow of readAllows(role, catalogue)) {
      const services = new Set(allow.granted.map(({ service }) => service));
      const near = targets.filter(({ service }) => services.has(service));
      if (near.length === 0) continue;
      for (const { text, index } of resourcesOf(allow)) {
        for (const target of near) {
          if (!namesSame(text, target.arn)) continue;
          const able = allow.granted.filter(
            (action) => target.concerns(action) && catalogue.acceptsResource(action, target.arn),
          );
          if (able.length === 0) continue;
          yield {
            message: `\`${text}\` lets ${listed(able)} reach ${target.what}.`,
            mend: 'Name the resources of the task so that these are not among them.',
            at: role.locate(['allow', allow.index, 'resources', index]),
          };
        }
      }
    }
  },
};

interface Target {
  readonly service: string;
  readonly arn: string;
  /** A noun phrase, for example "the Terraform state". */
  readonly what: string;
  concerns(action: ActionInfo): boolean;
}

const memory = new WeakMap<Environment, readonly Target[]>();

function targetsOf(environment: Environment): readonly Target[] {
  const known = memory.get(environment);
  if (known !== undefined) return known;
  const targets = [...stateOf(environment), ...watchOf(environment)];
  memory.set(environment, targets);
  return targets;
}

function stateOf({ backend, partition }: Environment): readonly Target[] {
  if (backend.type !== 's3') return [];
  const bucket = `arn:${partition}:s3:::${backend.bucket}`;
  const what = `the Terraform state in \`${backend.bucket}\``;
  // The lock file stands beside the state, under the key with a suffix.
  return [target(`${bucket}/${backend.key}*`, what, () => true), target(bucket, what, changes)];
}

function watchOf(environment: Environment): readonly Target[] {
  if (environment.alerts === undefined) return [];
  const { partition, account, region } = environment;
  const watch = watchName(environment);
  const own = (service: string, at: string, resource: string) =>
    `arn:${partition}:${service}:${at}:${account}:${resource}`;
  const { trail } = environment.alerts;
  return [
    ...alertRegions(environment).flatMap((at) => [
      target(own('events', at, `rule/${watch}-*`), "the project's alert rules", changes),
      target(own('sns', at, `${watch}-alerts`), "the project's alert topic", changes),
    ]),
    ...(trail === 'create'
      ? [
          target(own('cloudtrail', region, `trail/${watch}-trail`), "the project's trail", changes),
          target(`arn:${partition}:s3:::${watch}-trail-${account}`, "the trail's bucket", changes),
          target(`arn:${partition}:s3:::${watch}-trail-${account}/*`, "the trail's records", changes),
        ]
      : [target(trail.arn, "the project's trail", changes)]),
  ];
}

function target(arn: string, what: string, concerns: (action: ActionInfo) => boolean): Target {
  return { service: arn.split(':')[2] ?? '', arn, what, concerns };
}

function changes(action: ActionInfo): boolean {
  return accessOf(action) !== 'read';
}
