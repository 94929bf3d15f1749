/**
 * The mapping for CloudWatch, for the three protocols that AWS's SDKs use. Synthetics, RUM and newer resource types are
 * not mapped. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
import type { ServiceMapping } from '../service-mapping';
import { bothKeys, taggedBy, untaggedBy } from './common/keys';
import { passRole } from './common/pass-role';
import { anyArn, arnIn, FREE_NAME, nameOrArn, of, ofEach, type ResourceKind } from './common/resources';
import { ANYTHING, all, each, type Keys, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { cbor, json, query } from './common/wire';

const ALARM: ResourceKind = { service: 'cloudwatch', prefix: 'alarm:', name: FREE_NAME };
const DASHBOARD: ResourceKind = {
  service: 'cloudwatch',
  prefix: 'dashboard/',
  name: /^[\w-]{1,255}$/,
  place: { region: '' },
};
const RULE: ResourceKind = { service: 'cloudwatch', prefix: 'insight-rule/', name: /^[\x20-\x7e]{1,128}$/ };
const METRIC_STREAM: ResourceKind = { service: 'cloudwatch', prefix: 'metric-stream/', name: /^[\w-]{1,255}$/ };

/** The alarms in a list. An empty list means any alarm. */
const alarms: Resources = ({ request, input }) => {
  const names = [
    ...input.texts('AlarmNames'),
    ...(input.text('AlarmName') === undefined ? [] : [input.need('AlarmName')]),
  ];
  return names.length === 0 ? anyArn(request, ALARM) : names.map((name) => nameOrArn(request, ALARM, name));
};

/** The condition key `cloudwatch:namespace`. A PutMetricData request has exactly one namespace. */
const namespace: Keys = ({ input }) => ({ 'cloudwatch:namespace': input.need('Namespace') });

/** The condition key `cloudwatch:AlarmActions`: all actions that the alarm can trigger. */
const alarmActions: Keys = ({ input }) => {
  const actions = ['AlarmActions', 'OKActions', 'InsufficientDataActions'].flatMap((name) => input.texts(name));
  return actions.length === 0 ? {} : { 'cloudwatch:AlarmActions': [...new Set(actions)] };
};

const tagged = arnIn('ResourceARN', ALARM, RULE, METRIC_STREAM);

export const CLOUDWATCH_TABLE: ServiceTable = {
  prefix: 'cloudwatch',
  signingName: 'monitoring',
  eventSource: 'monitoring.amazonaws.com',
  wires: [
    query('query', '2010-08-01'),
    json('1.0', 'GraniteServiceVersion20100801'),
    cbor('GraniteServiceVersion20100801'),
  ],
  shown: [
    'AlarmName',
    'AlarmNames',
    'Namespace',
    'MetricName',
    'DashboardName',
    'DashboardNames',
    'Name',
    'ResourceARN',
  ],
  rows: {
    ...each(
      `DeleteAnomalyDetector DescribeAlarmsForMetric DescribeAnomalyDetectors DescribeInsightRules GetMetricData
       GetMetricStatistics GetMetricWidgetImage ListDashboards ListMetricStreams ListMetrics PutAnomalyDetector`,
      on(ANYTHING),
    ),
    ...each('DescribeAlarmHistory DescribeAlarms', on(alarms)),
    ...each('DeleteAlarms DisableAlarmActions EnableAlarmActions', on(ofEach(ALARM, 'AlarmNames'))),
    ...each('DeleteInsightRules DisableInsightRules EnableInsightRules', on(ofEach(RULE, 'RuleNames'))),
    ...each('DeleteMetricStream GetMetricStream', on(of(METRIC_STREAM, 'Name'))),
    ...each('StartMetricStreams StopMetricStreams', on(ofEach(METRIC_STREAM, 'Names'))),
    ...each('GetDashboard PutDashboard', on(of(DASHBOARD, 'DashboardName'))),
    ...each('PutCompositeAlarm PutMetricAlarm', on(of(ALARM, 'AlarmName'), bothKeys(alarmActions, taggedBy()))),
    DeleteDashboards: on(ofEach(DASHBOARD, 'DashboardNames')),
    GetInsightRuleReport: on(of(RULE, 'RuleName')),
    PutMetricData: on(ANYTHING, namespace),
    PutMetricStream: all(
      on(of(METRIC_STREAM, 'Name'), taggedBy()),
      passRole('RoleArn', 'streams.metrics.cloudwatch.amazonaws.com'),
    ),
    SetAlarmState: on(of(ALARM, 'AlarmName')),
    ListTagsForResource: on(tagged),
    TagResource: on(tagged, taggedBy()),
    UntagResource: on(tagged, untaggedBy('TagKeys')),
  },
};

export const CLOUDWATCH: ServiceMapping = serviceOf(CLOUDWATCH_TABLE);
