/**
 * Telemetry for operators through Powertools: one line of JSON for each request, metrics in the embedded metric format,
 * and traces. Telemetry never contains text of an agent: reasons, parameters and error messages are omitted. It never
 * receives a secret. Source: https://docs.aws.amazon.com/powertools/typescript/latest/
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../ports';

/** Telemetry of the function. */
export interface FunctionTelemetry extends Telemetry {
  /** Writes the metrics of this invocation. */
  flush(): void;
}

/** Creates the telemetry. Its settings are read from the function's environment variables. */
export function functionTelemetry(): FunctionTelemetry {
  const logger = new Logger();
  const metrics = new Metrics();
  return {
    count: (what, fields = {}) => {
      metrics.addMetric(what, MetricUnit.Count, 1);
      logger.info(what, { fields });
    },
    issueLatency: (milliseconds) => metrics.addMetric('IssueLatency', MetricUnit.Milliseconds, milliseconds),
    answered: (line) => logger.info('answered', { ...line, milliseconds: Math.round(line.milliseconds) }),
    error: (what, error) => logger.error(what, { error: nameOf(error) }),
    flush: () => metrics.publishStoredMetrics(),
  };
}

/** The names of an error and of its causes. Error messages may quote input, so they are omitted. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, cause } = error;
  return cause === undefined ? name : `${name} < ${nameOf(cause)}`;
}
