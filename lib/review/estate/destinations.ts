/** Recognizes, by their names, attributes that contain a destination. */
import { namesRole } from '../types/suspects';

/** Whether the resource sends data, events or calls to the target in the attribute. */
export function isSending(type: string, path: string): boolean {
  return !NOT_SENT.test(`${type}.${path}`) && isDestination(type, path);
}

/**
 * Whether the resource sends to the target that is named under a key of the JSON in an attribute. Only the last key of
 * the path can show that the resource does not send to the target, because the author of the JSON may be free to choose
 * the other keys, for example the name of a step.
 */
export function isSendingInJson(type: string, attribute: string, path: string): boolean {
  return !NOT_SENT.test(lastOf(path)) && isDestination(type, `${attribute}.${path}`);
}

/** Whether the attribute contains the bucket from which the resource gets the code that it runs. */
export function isCode(type: string, path: string): boolean {
  return CODE.test(`${type}.${path}`);
}

const CODE = anyOf([
  '^aws_elastic_beanstalk_application_version\\.bucket$',
  '^aws_lambda_(function|layer_version)\\.s3_bucket$',
  '^aws_synthetics_canary\\.s3_bucket$',
  '^aws_kinesisanalyticsv2_application\\..*code_content.*\\.bucket_arn$',
  '\\.script_location$',
]);

function isDestination(type: string, path: string): boolean {
  const last = lastOf(path);
  if (namesRole(last) && !CROSS_ACCOUNT.test(last)) return false;
  return (
    SENT.test(`${type}.${path}`) ||
    (SENDER.test(type) && (HOST.test(last) || /(arn|bucket|uri|url|endpoint|destination|target)/.test(last)))
  );
}

/** Attributes that may contain a host without a scheme. */
export const HOST = /(^|_)(host|host_?name|server_name|brokers?|bootstrap_(brokers?|servers?)|endpoint|ur[il])$/;

/** Patterns for the type and path of attributes that contain a destination. */
const SENT = anyOf([
  'destination',
  'delivery',
  'notification',
  'topic',
  'dead_?letter',
  'dlq',
  'redrive',
  'on_(failure|success)',
  'replicat',
  'logging',
  'subscri',
  'copy_action',
  'webhook',
  'output',
  'mirror',
  'sink',
  'event_(bus|stream)',
  'invocation_endpoint',
  'integration_uri',
  'cdr_bucket',
  '\\.uri$',
  '(^|[._])targets?([.[]|$|_arn|_bucket)',
  '(^|[._])(logs?|exports?|exporting|export_config|reports?)([._[]|$)',
]);

/** Types whose attributes contain only names of destinations. */
const SENDER = anyOf([
  '^aws_cloudtrail',
  '^aws_config_delivery_channel',
  '^aws_kinesis_firehose_delivery_stream',
  '^aws_cloudwatch_metric_stream',
  '^aws_connect_instance_storage_config',
  '^aws_datasync_',
  '^aws_dms_',
  '^aws_sfn_state_machine',
]);

/**
 * Attributes that look like destinations but contain something else: sources that the resource reads, keys, network
 * resources, or addresses that only visitors to a site use.
 */
const NOT_SENT = anyOf([
  '(^|[._])sources?([._[]|$)',
  'kms',
  'key_arn',
  'certificate',
  'secret',
  'credential',
  'target_group',
  'health_check',
  'home_directory',
  'listener',
  'custom_rule',
  '^aws_imagebuilder_(component|workflow)\\.uri',
]);

const CROSS_ACCOUNT = /cross_account/;

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'));
}

/** The last part of a path, without a list index. */
export function lastOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '');
}
