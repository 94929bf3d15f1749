/** Write actions that, on any resource, only add a line to a log or a value to a metric. */
export const TELLING_ONLY: ReadonlySet<string> = new Set([
  'cloudwatch:PutMetricData',
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
]);
