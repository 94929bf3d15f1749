/**
 * ARNs of resources that the plan creates, which are unknown until apply. An ARN is built from type and name; an
 * unknown account or region becomes a wildcard. Source:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
import type { ScopedInstance } from './resource-instances';

interface Format {
  readonly service: string;
  /** ARN text before the name. */
  readonly prefix: string;
  /** Attribute that contains the name. */
  readonly name: string;
  /** Suffix that an expression may append to the ARN to refer to a part of the resource, such as an object. */
  readonly below?: string;
  /** The ARN contains neither region nor account. */
  readonly bare?: true;
  readonly global?: true;
}

const FORMATS: Readonly<Record<string, Format>> = {
  aws_api_gateway_rest_api: { service: 'execute-api', prefix: '', below: '/*', name: 'id' },
  aws_apigatewayv2_api: { service: 'execute-api', prefix: '', below: '/*', name: 'id' },
  aws_cloudwatch_event_rule: { service: 'events', prefix: 'rule/', name: 'name' },
  aws_cloudwatch_log_group: { service: 'logs', prefix: 'log-group:', below: ':*', name: 'name' },
  aws_dynamodb_table: { service: 'dynamodb', prefix: 'table/', below: '/*', name: 'name' },
  aws_ecr_repository: { service: 'ecr', prefix: 'repository/', name: 'name' },
  aws_iam_group: { service: 'iam', prefix: 'group/', name: 'name', global: true },
  aws_iam_policy: { service: 'iam', prefix: 'policy/', name: 'name', global: true },
  aws_iam_role: { service: 'iam', prefix: 'role/', name: 'name', global: true },
  aws_iam_user: { service: 'iam', prefix: 'user/', name: 'name', global: true },
  aws_kms_key: { service: 'kms', prefix: 'key/', name: 'key_id' },
  aws_lambda_function: { service: 'lambda', prefix: 'function:', below: ':*', name: 'function_name' },
  aws_s3_bucket: { service: 's3', prefix: '', below: '/*', name: 'bucket', bare: true },
  aws_secretsmanager_secret: { service: 'secretsmanager', prefix: 'secret:', name: 'name' },
  aws_sns_topic: { service: 'sns', prefix: '', name: 'name' },
  aws_sqs_queue: { service: 'sqs', prefix: '', name: 'name' },
};

/** Types for which an ARN can be built. */
export const NAMED_TYPES: readonly string[] = Object.keys(FORMATS);

/**
 * The ARN that a resource will have. If an expression may have added a suffix, the result also contains patterns for
 * the ARNs of parts of the resource. `undefined` if `exact` is required and a part of the ARN is unknown.
 */
export function arnPatternsOf(instance: ScopedInstance, exact: boolean): readonly string[] | undefined {
  const arn = arnOf(instance, exact);
  if (arn === undefined) return undefined;
  const below = FORMATS[instance.type]?.below;
  return exact || below === undefined ? [arn] : [arn, `${arn}${below}`];
}

function arnOf({ type, address, scope, after }: ScopedInstance, exact: boolean): string | undefined {
  const known = after?.at('arn').text();
  if (known?.kind === 'known' && known.value !== undefined) return known.value;
  const format = FORMATS[type];
  if (format === undefined || after === undefined) return undefined;
  const name = after.at(format.name).text();
  const path = format.global ? after.at('path').text() : { kind: 'known' as const, value: '/' };
  const account = scope.account.kind === 'known' ? scope.account.value : undefined;
  const isNamed = name.kind === 'known' && name.value !== undefined && path.kind === 'known';
  // If AWS or Terraform completes the name, the address of the resource is used in place of the name.
  const called = isNamed ? `${(path.value ?? '/').slice(1)}${name.value}` : `known-after-apply/${address}`;
  if (exact && (!isNamed || (!format.bare && account === undefined) || !(format.bare || format.global)))
    return undefined;
  const place = format.bare ? ':' : `${format.global ? '' : '*'}:${account ?? '*'}`;
  return `arn:${scope.partition}:${format.service}:${place}:${format.prefix}${called}`;
}
