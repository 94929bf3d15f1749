/**
 * The statements that `aws_lambda_permission` adds to a function's policy, as Lambda writes them.
 * Source: https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
import { defined } from '@leasehold/contract/defined';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { isAccountId } from '../account-ids';
import type { Read, ResourcePolicy } from '../model';
import { arnPatternsOf, NAMED_TYPES } from './new-arns';
import { type PlanIndex, present } from './plan-index';
import { placeOf, type ScopedInstance, type Side } from './resource-instances';
import { AFTER_APPLY, type Value } from './value';

export const FUNCTION_PERMISSION = 'aws_lambda_permission';

/** The policies of functions: one policy for each permission. */
export function functionPermissions(planIndex: PlanIndex, side: Side): readonly ResourcePolicy[] {
  return present(planIndex, side, [FUNCTION_PERMISSION]).map(({ instance, value }) => {
    const targets = functionsOf(planIndex, instance, value);
    const resource = functionOf(targets, value, side);
    const isNew =
      targets.length > 0 && targets.every((each) => (side === 'after' ? each.before : each.after) === undefined);
    return {
      key: `${FUNCTION_PERMISSION} ${instance.address}`,
      type: FUNCTION_PERMISSION,
      resource,
      account: instance.scope.account,
      policy: { place: placeOf(instance, 'principal'), document: documentOf(planIndex, instance, value, resource) },
      ...(isNew ? { together: true } : {}),
    };
  });
}

/** Maps a condition key to its operator, and to the attribute that contains its value. */
const CONDITIONS = [
  ['ArnLike', 'AWS:SourceArn', 'source_arn'],
  ['StringEquals', 'AWS:SourceAccount', 'source_account'],
  ['StringEquals', 'aws:PrincipalOrgID', 'principal_org_id'],
  ['StringEquals', 'lambda:EventSourceToken', 'event_source_token'],
  ['StringEquals', 'lambda:FunctionUrlAuthType', 'function_url_auth_type'],
] as const;

function documentOf(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  value: Value,
  resource: Read<string>,
): Read<PolicyDocument> {
  const parts = ['action', 'principal', ...CONDITIONS.map(([, , attribute]) => attribute)];
  const source = sourceOf(planIndex, instance, value);
  const unknown = parts.find(
    (attribute) =>
      value.at(attribute).text().kind === 'unknown' && !(attribute === 'source_arn' && source !== undefined),
  );
  if (unknown !== undefined) {
    const read = value.at(unknown).text();
    return { kind: 'unknown', why: `${unknown} is ${read.kind === 'unknown' ? read.why : ''}` };
  }
  const text = (attribute: string) => {
    const read = value.at(attribute).text();
    return read.kind === 'known' ? read.value : undefined;
  };
  const Condition: Record<string, Record<string, string | readonly string[]>> = {};
  if (source !== undefined) Condition.ArnLike = { 'AWS:SourceArn': source.arns };
  for (const [operator, key, attribute] of CONDITIONS) {
    const wanted = text(attribute);
    if (wanted !== undefined) Condition[operator] = { ...Condition[operator], [key]: wanted };
  }
  const principal = text('principal');
  const action = text('action');
  if (principal === undefined || action === undefined)
    return { kind: 'unknown', why: 'it names no principal or action' };
  const statement: Statement = {
    Effect: 'Allow',
    Principal: principalOf(principal),
    Action: action,
    Resource: resource.kind === 'known' ? resource.value : patternOf(instance, text('function_name')),
    ...(Object.keys(Condition).length === 0 ? {} : { Condition }),
  };
  return {
    kind: 'known',
    value: { Version: '2012-10-17', Statement: [statement] },
    ...defined({ assumes: source?.address }),
  };
}

/**
 * The ARN of a permission's source, if the plan manages the source and the ARN is known only after apply. The
 * result includes patterns that match this ARN.
 */
function sourceOf(
  planIndex: PlanIndex,
  instance: ScopedInstance,
  value: Value,
): { readonly address: string; readonly arns: readonly string[] } | undefined {
  const written = value.at('source_arn').text();
  if (written.kind === 'known' || written.why !== AFTER_APPLY) return undefined;
  const { targets, exact } = planIndex.references.follow(instance, 'source_arn', NAMED_TYPES);
  const [target] = targets;
  const arns = exact && target !== undefined ? arnPatternsOf(target, false) : undefined;
  return target === undefined || arns === undefined ? undefined : { address: target.address, arns };
}

/** A pattern for the function in any possible region and account. */
function patternOf({ scope }: ScopedInstance, name: string | undefined): string {
  const account = scope.account.kind === 'known' ? scope.account.value : '*';
  return name === undefined ? '*' : `arn:${scope.partition}:lambda:*:${account}:function:${name}`;
}

function principalOf(principal: string): Exclude<Statement['Principal'], undefined> {
  if (principal === '*') return '*';
  if (isAccountId(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

/** The functions in the plan to which the permission may refer. */
function functionsOf(planIndex: PlanIndex, instance: ScopedInstance, value: Value): readonly ScopedInstance[] {
  const name = value.at('function_name').text();
  return name.kind === 'known'
    ? planIndex.byAttribute(['aws_lambda_function'], ['function_name', 'id', 'arn'], name.value ?? '')
    : planIndex.references.follow(instance, 'function_name', ['aws_lambda_function']).targets;
}

function functionOf(targets: readonly ScopedInstance[], value: Value, side: Side): Read<string> {
  const name = value.at('function_name').text();
  if (name.kind === 'known' && name.value?.startsWith('arn:')) return { kind: 'known', value: name.value };
  const [target] = targets;
  const arn = targets.length === 1 ? (side === 'before' ? target?.before : target?.after)?.at('arn').text() : undefined;
  if (arn?.kind === 'known' && arn.value !== undefined) return { kind: 'known', value: arn.value };
  return name.kind === 'unknown' ? name : { kind: 'unknown', why: 'the plan only names the function' };
}
