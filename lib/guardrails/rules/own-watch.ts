import type { Environment } from '@leasehold/definitions';
import { alertRegions, watchName } from '@leasehold/documents';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { changes, oncePerEnvironment, reached, type Target, target } from '../targets';

/** No role may access the resources that are used to deploy or monitor roles. */
export const ownWatch: RoleGuardrail = {
  id: 'own-watch',
  title: "No role can access the project's Terraform state, alerts or trail",
  severity: 'error',
  page: pageOf('own-watch'),
  unwaivable: 'anyone who can write the state or silence the alerts can undo every other protection',
  over: 'role',
  *check({ role, environment, catalogue }) {
    yield* reached(role, targetsOf(environment), catalogue);
  },
};

const targetsOf = oncePerEnvironment((environment) => [...stateOf(environment), ...watchOf(environment)]);

function stateOf({ backend, partition }: Environment): readonly Target[] {
  if (backend.type !== 's3') return [];
  const bucket = `arn:${partition}:s3:::${backend.bucket}`;
  const what = `the Terraform state in \`${backend.bucket}\``;
  // The lock file of the Terraform state is next to the state: its key is the state's key with a suffix.
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
