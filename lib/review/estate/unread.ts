/** What a plan holds that bears on access, or may, and that is not read. */
import { isJson, listOf, own, type Plan, type ResourceChange } from '../plan/plan';
import type { Ground } from './ground';

/** Notes it, with the reason; `isRead` tells the types that are read. */
export function noteUnread(ground: Ground, isRead: (type: string) => boolean): void {
  const { plan } = ground;
  if (!plan.complete) ground.unread({ address: '' }, 'the plan is incomplete: applying it leaves something undone');
  for (const { change, reason } of plan.deferred) {
    if (/^(aws|awscc)_/.test(change.type)) {
      ground.unread({ address: change.address }, `Terraform defers it to another run: ${reason}`);
    }
  }
  for (const address of plan.actions) ground.unread({ address }, 'an action runs, and no plan shows what it does');
  for (const held of ground.all) {
    if (held.forgotten) {
      ground.unread({ address: held.address }, 'Terraform forgets it: it stays in AWS as it is, and nobody watches it');
    }
  }
  const programs = provisioned(plan);
  for (const change of plan.changes) {
    if (change.mode !== 'managed') continue;
    const runs = programs.has(`${change.type}.${change.name}`) && change.actions.includes('create');
    if (runs) ground.unread({ address: change.address }, 'a provisioner runs, and no plan shows what it does');
    if (isRead(change.type) || change.actions.every((action) => action === 'no-op')) continue;
    const why = whyUnread(change);
    if (why !== undefined) ground.unread({ address: change.address }, why);
  }
}

/** Types that make what no plan shows. */
const MAKES_ANYTHING =
  /^aws_(cloudformation_(stack|stack_set|stack_set_instance|stack_instances)|servicecatalog_provisioned_product|cloudcontrolapi_resource|serverlessapplicationrepository_cloudformation_stack)$/;
/** Types of whole families that give access, where a table does not name them one by one. */
const GIVES_ACCESS =
  /^aws_(iam_|ssoadmin_|identitystore_group_membership$|lakeformation_(permissions|opt_in)|ram_(resource_share|principal_association|resource_association)|rolesanywhere_|eks_(access_|pod_identity_association$)|iot_(policy|role_alias)|opensearchserverless_access_policy$|verifiedpermissions_|organizations_|cloudwatch_event_permission$|s3_access_grant|quicksight_.*permission|redshift_.*(share|grant)|glacier_vault_lock$|sagemaker_.*policy)/;
/** Of those, what gives none. */
const GIVES_NONE =
  /^aws_(iam_(account_alias|security_token_service_preferences)|organizations_(account|organization|organizational_unit))$/;

function whyUnread({ type, change }: ResourceChange): string | undefined {
  if (MAKES_ANYTHING.test(type)) return `what ${type} makes is not in the plan`;
  if (/^awscc_/.test(type)) return 'the Cloud Control provider is not read';
  if (GIVES_ACCESS.test(type) && !GIVES_NONE.test(type)) return `${type} gives access in a way that is not read`;
  return /^aws_/.test(type) && holdsPolicy(change()) ? `${type} holds a policy that is not read` : undefined;
}

/** Whether an attribute of a type that is not known holds a policy document, or may. */
function holdsPolicy({ after, afterUnknown }: { readonly after: unknown; readonly afterUnknown: unknown }): boolean {
  const names = new Set([...keysOf(after), ...keysOf(afterUnknown)]);
  return [...names].some((name) => {
    const value = own(after, name);
    if (typeof value === 'string') return value.includes('"Statement"') && value.trimStart().startsWith('{');
    return /(^|_)(resource_policy|policy_document|policy_json|policy)$/.test(name) && own(afterUnknown, name) === true;
  });
}

function keysOf(value: unknown): readonly string[] {
  return isJson(value) ? Object.keys(value) : [];
}

/** Type and name of the resources that run a program of the configuration's on apply. */
function provisioned(plan: Plan): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (module: unknown) => {
    for (const resource of listOf(own(module, 'resources'))) {
      if (listOf(own(resource, 'provisioners')).length === 0) continue;
      found.add(`${String(own(resource, 'type'))}.${String(own(resource, 'name'))}`);
    }
    const calls = own(module, 'module_calls');
    for (const name of keysOf(calls)) walk(own(own(calls, name), 'module'));
  };
  walk(own(plan.configuration, 'root_module'));
  return found;
}
