/** What a plan holds that bears on access, or may, and that is not read. */
import type { Ground } from './ground';

/** Notes it, with the reason. */
export function noteUnread(ground: Ground): void {
  const { plan } = ground;
  if (!plan.complete) {
    ground.unread({ address: '' }, 'the plan is incomplete: applying it leaves something undone');
  }
  for (const { change, reason } of plan.deferred) {
    if (isOfInterest(change.type)) ground.unread({ address: change.address }, `Terraform defers it: ${reason}`);
  }
  for (const address of plan.actions) ground.unread({ address }, 'an action runs that the plan does not show');
  for (const held of ground.all) {
    if (held.forgotten) {
      ground.unread({ address: held.address }, 'Terraform forgets it: it stays in AWS as it is, and nobody watches it');
    }
  }
  for (const change of plan.changes) {
    const why = change.mode === 'managed' ? whyUnread(change.type, change.provider) : undefined;
    if (why === undefined) continue;
    const { actions } = change.change();
    if (actions.some((action) => action !== 'no-op')) ground.unread({ address: change.address }, why);
  }
}

const BEARING = /^(aws|awscc)_/;

function isOfInterest(type: string): boolean {
  return BEARING.test(type);
}

const MAKES_ANYTHING = /^aws_(cloudformation_|servicecatalog_provisioned_product$|cloudcontrolapi_resource$)/;

function whyUnread(type: string, _provider: string): string | undefined {
  if (MAKES_ANYTHING.test(type)) return `what ${type} makes is not in the plan`;
  if (/^awscc_/.test(type)) return 'the Cloud Control provider is not read';
  return undefined;
}
