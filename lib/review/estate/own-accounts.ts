/**
 * Determines the plan's own accounts, in addition to the accounts of its providers. An account is external unless there
 * is evidence that it is the plan's own: data returned by AWS, or a policy that has an effect only inside its own
 * account. It is no evidence if a policy mentions an account.
 */
import { many, type PolicyDocument, parseArn } from '@leasehold/policy';
import type { Estate, Identity, ResourcePolicy } from '../model';
import { listOf, own, type Plan, textOf } from '../plan/plan';
import type { ScopedInstance } from './resource-instances';

/** All accounts of the plan's owner, sorted. */
export function ownAccounts(plan: Plan, all: readonly ScopedInstance[], estates: readonly Estate[]): readonly string[] {
  const found = [
    ...all.flatMap(({ scope }) => (scope.account.kind === 'known' ? [scope.account.value] : [])),
    ...organizationAccounts(plan),
    ...estates.flatMap(({ identities, resourcePolicies }) => [
      ...[...identities.values()].map(accountOfProviders),
      ...[...resourcePolicies.values()].map(accountOfResource),
    ]),
  ].filter(isAccount);
  return [...new Set(found.length > 0 ? found : accountsInState(plan))].sort();
}

/** The account in which a resource policy applies, derived from its resource. */
export function accountOfResource({ resource, policy }: ResourcePolicy): string | undefined {
  const named = resource.kind === 'known' ? parseArn(resource.value)?.account : undefined;
  if (isAccount(named)) return named;
  return policy.document.kind === 'known' ? onlyAccount(resourcesOf(policy.document.value)) : undefined;
}

/**
 * The resources of a document. Naming resources of another account has no effect, so an account in the resources is the
 * policy's own account.
 */
function resourcesOf(document: PolicyDocument): readonly string[] {
  return many(document.Statement).flatMap(({ Resource }) => many(Resource));
}

/** An identity provider in a trust policy belongs to the role's own account. */
function accountOfProviders({ trust }: Identity): string | undefined {
  if (trust?.document.kind !== 'known') return undefined;
  return onlyAccount(
    many(trust.document.value.Statement).flatMap(({ Principal }) =>
      typeof Principal === 'object' ? many(Principal.Federated) : [],
    ),
  );
}

function onlyAccount(arns: readonly string[]): string | undefined {
  const accounts = new Set(arns.map((arn) => parseArn(arn)?.account).filter(isAccount));
  const [only] = accounts;
  return accounts.size === 1 ? only : undefined;
}

/** The accounts of the organization, as listed by the data source for the organization. */
function organizationAccounts({ prior, changes }: Plan): readonly (string | undefined)[] {
  const values = [
    ...prior.filter(ofOrganization).map((resource) => resource.values().values),
    ...changes.filter(ofOrganization).map((resource) => resource.change().before),
  ];
  return values.flatMap((value) => [
    textOf(own(value, 'id')),
    textOf(own(value, 'master_account_id')),
    ...[...listOf(own(value, 'accounts')), ...listOf(own(value, 'non_master_accounts'))].map((account) =>
      textOf(own(account, 'id')),
    ),
  ]);
}

function ofOrganization({ type }: { readonly type: string }): boolean {
  return type === 'aws_organizations_organization' || type === 'aws_organizations_account';
}

/** Types whose ARN may belong to the account that shares or sends an invitation. */
const OF_OTHERS = /accepter$|_share|_invit|^aws_(ram|organizations|networkmanager|licensemanager)_/;
/** Maximum number of resources to check. One matching resource is sufficient evidence. */
const MOST = 200;

/** The accounts in ARNs that AWS returned for existing resources. */
function accountsInState({ changes, prior }: Plan): readonly string[] {
  const stays = changes.filter((change) => isOwn(change) && !change.actions.includes('create'));
  const values = [
    ...stays.slice(0, MOST).map((resource) => resource.change().before),
    ...prior
      .filter(isOwn)
      .slice(0, MOST)
      .map((resource) => resource.values().values),
  ];
  return values.map((each) => parseArn(textOf(own(each, 'arn')) ?? '')?.account).filter(isAccount);
}

/** Whether the ARN of a resource belongs to the account of the resource's provider. */
function isOwn({ mode, type }: { readonly mode: string; readonly type: string }): boolean {
  return mode === 'managed' ? type.startsWith('aws_') && !OF_OTHERS.test(type) : LOOKED_UP.test(type);
}

/** Data sources that look up a name in the provider's own account. */
const LOOKED_UP =
  /^aws_(iam_(role|user|group|instance_profile|openid_connect_provider)|sns_topic|sqs_queue|caller_identity)$/;

function isAccount(text: string | undefined): text is string {
  return text !== undefined && /^\d{12}$/.test(text);
}
