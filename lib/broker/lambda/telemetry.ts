/**
 * What people who watch are told, through Powertools: one line of JSON a request, metrics in the embedded format, traces.
 * Nothing here quotes an agent: reasons, parameters and the texts of errors stay out, and no secret ever comes near.
 * Source: https://docs.aws.amazon.com/powertools/typescript/latest/
 */
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from '../ports';

/** Telemetry of the function. */
export interface FunctionTelemetry extends Telemetry {
  /** Writes the metrics of this call. */
  flush(): void;
}

/** Reads its settings from the variables that the function is started with. */
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

/** The names of an error and of what caused it. Their messages may quote anything. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { name, cause } = error;
  return cause === undefined ? name : `${name} < ${nameOf(cause)}`;
}
