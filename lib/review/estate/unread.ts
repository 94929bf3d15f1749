/** Parts of a plan that affect or may affect access but that the review does not read. */
import { keysOf, listOf, own, type Plan, type ResourceChange } from '../plan/plan';
import { isRead } from '../types/classify';
import { classOf, unclassifiedPaths } from '../types/provider-types';
import { MAKES_ANYTHING, UNREAD_ACCESS, UNREAD_POLICY } from '../types/unread-types';
import type { PlanIndex } from './plan-index';

/** Records the unread parts, each with the reason. Returns the changed types that are not classified. */
export function noteUnread(planIndex: PlanIndex): ReadonlySet<string> {
  const { plan } = planIndex;
  if (!plan.complete) planIndex.unread({ address: '' }, 'the plan is incomplete: applying it leaves something undone');
  for (const { change, reason } of plan.deferred) {
    if (/^(aws|awscc)_/.test(change.type)) {
      planIndex.unread({ address: change.address }, `Terraform defers it to another run: ${reason}`);
    }
  }
  for (const address of plan.actions) planIndex.unread({ address }, 'an action runs, and no plan shows what it does');
  for (const instance of planIndex.all) {
    if (instance.forgotten) {
      planIndex.unread(
        { address: instance.address },
        'Terraform forgets it: it stays in AWS as it is, and nobody watches it',
      );
    }
  }
  const programs = provisioned(plan);
  const fresh = new Set<string>();
  for (const change of plan.changes) {
    if (change.mode !== 'managed') continue;
    const runs = programs.has(`${change.type}.${change.name}`) && change.actions.includes('create');
    if (runs) planIndex.unread({ address: change.address }, 'a provisioner runs, and no plan shows what it does');
    if (change.actions.every((action) => action === 'no-op')) continue;
    if (/^aws_/.test(change.type) && classOf(change.type) === undefined && !isRead(change.type)) fresh.add(change.type);
    const why = whyUnread(change);
    if (why !== undefined) planIndex.unread({ address: change.address }, why);
  }
  return fresh;
}

function whyUnread({ type, change }: ResourceChange): string | undefined {
  if (/^awscc_/.test(type)) return 'the Cloud Control provider is not read';
  if (!type.startsWith('aws_')) return undefined;
  if (MAKES_ANYTHING.has(type)) return `what ${type} makes is not in the plan`;
  if (UNREAD_ACCESS.has(type)) return `${type} gives access in a way that is not read`;
  const { before, after, afterUnknown } = change();
  const fresh = classOf(type) === undefined && !isRead(type);
  const sides = [before, after, afterUnknown];
  if (UNREAD_POLICY.has(type) && sides.some(hasPolicy)) return `${type} holds a policy that is not read`;
  if (fresh && FAMILIES.test(type)) return `${type} may give access, and nobody has classified it yet`;
  if (fresh && sides.some(holdsDocument)) return `${type} holds a policy that is not read`;
  if (isRead(type) && classOf(type) === undefined) return undefined;
  const paths = [...new Set(sides.flatMap((values) => unclassifiedPaths(type, values)))];
  if (paths.length === 0) return undefined;
  return `nobody has classified ${fresh ? type : 'an attribute of it'} yet, and ${paths.slice(0, 3).join(', ')} may give access`;
}

/** Families of types in which most types give access. */
const FAMILIES =
  /^aws_(accountaccess|iam|identitystore|lakeformation|organizations|ram|rolesanywhere|ssoadmin|verifiedpermissions)_/;

function hasPolicy(values: unknown): boolean {
  return ['policy', 'policy_document'].some((name) => {
    const value = own(values, name);
    return value === true || (typeof value === 'string' && value !== '');
  });
}

/** Whether a value contains a policy document as text at any depth. */
function holdsDocument(value: unknown): boolean {
  if (typeof value === 'string') return value.trimStart().startsWith('{') && value.includes('"Statement"');
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsDocument);
}

/** Type and name of each resource that, according to the configuration, runs a program during apply. */
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
