/** Checks the top level of the JSON to determine whether the text is a plan or another Terraform output. */
import { SHOW } from './bytes';
import { brief, PlanError, type PlanErrorCode } from './error';

/** Throws {@link PlanError} unless the text is a complete plan in a known format. */
export function refuseOtherThanPlan(scalars: ReadonlyMap<string, unknown>, keys: ReadonlySet<string>): void {
  if (keys.has('@level') || keys.has('@message')) {
    refuse('plan-log', 'this is the log of `terraform plan -json`, and not the plan');
  }
  if (keys.has('lineage') || (keys.has('version') && keys.has('resources'))) {
    refuse('state', 'this is a state file, and not a plan');
  }
  const version = scalars.get('format_version');
  if (version === undefined) refuse('not-a-plan', 'this JSON has no format_version, so it is no plan');
  if (keys.has('values') && !keys.has('planned_values') && !keys.has('resource_changes')) {
    refuse('state', 'this is a state as `terraform show -json` shows it, and not a plan');
  }
  if (typeof version !== 'string' || !/^1\.\d+$/.test(version)) {
    refuse('unsupported-format', `the plan has format ${brief(version)}, and 1.x is what can be read`, {
      path: '/format_version',
      hint: 'Create the plan with Terraform 1.5 or later, or with OpenTofu.',
    });
  }
  if (scalars.get('errored') === true) {
    refuse('errored-plan', 'Terraform could not finish this plan, so it says only a part', {
      path: '/errored',
      hint: 'Fix what `terraform plan` complains of, and plan again.',
    });
  }
  if (!keys.has('planned_values') && !keys.has('resource_changes')) {
    refuse('not-a-plan', 'this JSON has neither planned_values nor resource_changes, so it is no plan');
  }
}

function refuse(code: PlanErrorCode, message: string, more: { path?: string; hint?: string } = {}): never {
  throw new PlanError({ code, message, hint: SHOW, ...more });
}
