/** Write actions that only add a line to a log or a value to a metric, regardless of the resource. */
export const TELLING_ONLY: ReadonlySet<string> = new Set([
  'cloudwatch:PutMetricData',
  'logs:CreateLogGroup',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
]);
