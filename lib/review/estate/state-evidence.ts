/**
 * Determines whether the values of a resource in the state show the account of the resource. A plan contains the
 * values of the last refresh. The review trusts the state, but not what changed since the last apply and not what the
 * author of the configuration wrote.
 */
import { accountIn } from '../account-ids';
import { sameValue } from '../diff/equal-values';
import { type Instance, isJson, own, type Plan, textOf } from '../plan/plan';
import { namesRole } from '../types/suspects';
import type { ResourceConfiguration } from './configuration';
import { once } from './once';

/** Attributes that show an account or identify a resource. */
const SHOWING = [
  'account_id',
  'accounts',
  'arn',
  'bucket',
  'id',
  'master_account_id',
  'non_master_accounts',
  'owner_id',
  'permissions_boundary',
  'policy_arn',
];

/**
 * Whether the last refresh changed an attribute that shows the account of a resource. Terraform reports such changes
 * as drift. A refresh through another provider, which the plan's author can configure, can change any value.
 */
export function driftOf({ drift }: Plan): (resource: Instance) => boolean {
  const drifted = once(() => {
    const found = new Set<string>();
    for (const resource of drift) {
      const { before, after } = resource.change();
      if (SHOWING.every((name) => sameValue(own(before, name) ?? null, own(after, name) ?? null))) continue;
      found.add(resource.address);
      if (resource.previousAddress !== undefined) found.add(resource.previousAddress);
    }
    return found;
  });
  return ({ address, mode }) => mode === 'managed' && drifted().has(address);
}

/**
 * Types whose `arn` always contains the account in which the resource is created, regardless of the resource's
 * arguments.
 */
export const OWN_ARN =
  /^aws_(iam_|sqs_queue$|sns_topic$|lambda_function$|kms_key$|dynamodb_table$|secretsmanager_secret$|cloudtrail$|ecr_repository$)/;

/**
 * Types whose ARN may contain another account: the `arn` is an argument, or it contains the account that shares or
 * publishes the resource, or that sends the invitation.
 */
const OF_OTHERS =
  /accepter$|_share|_invit|_subscription$|_admin_account$|_(delegated_administrator|member)$|^aws_(cloudwatch_event_target|dx_hosted|glue_catalog|lakeformation_resource|licensemanager|networkmanager|notifications_channel_association|organizations|quicksight|ram|sns_topic_(data_protection_)?policy)/;

/**
 * The account in the ARN of a resource that existed before the plan. Undefined if the configuration determines the
 * account: it sets `arn`, or it refers to a parent resource that determines the account, for example the event bus of a
 * rule.
 */
export function accountOfArn(
  type: string,
  values: unknown,
  configuration: Pick<ResourceConfiguration, 'expressions'> | undefined,
): string | undefined {
  if (OF_OTHERS.test(type)) return undefined;
  const account = accountIn(textOf(own(values, 'arn')));
  if (account === undefined || !isJson(values)) return undefined;
  const isArgument = (name: string) =>
    configuration === undefined || own(configuration.expressions, name) !== undefined;
  if (configuration !== undefined && isArgument('arn')) return undefined;
  if (OWN_ARN.test(type)) return account;
  const names = Object.keys(values).filter((name) => isArgument(name) && !NOT_A_PARENT.test(name) && !namesRole(name));
  return names.some((name) => namesAccount(values[name], account)) ? undefined : account;
}

/** Attributes that do not decide where a resource is created. */
const NOT_A_PARENT = /^(arn|id)$|kms|key_(arn|id)$/;

function namesAccount(value: unknown, account: string): boolean {
  return typeof value === 'string' && (value === account || accountIn(value) === account);
}
