/** What the broker's function is started and called with. None of it is a secret. */
import type { Environment } from '@leasehold/definitions';
import { METRIC_NAMESPACE } from './alarms';
import { brokerName } from './names';

/** What the schedule calls the function with, once a minute, where API Gateway calls it with a request. */
export const SWEEP_EVENT = { source: 'leasehold.sweep' } as const;

/**
 * The function's variables, all of them settings of Powertools: it logs no event, and traces neither answers, which hold
 * credentials, nor the texts of errors, which may quote an agent. What the broker knows is in its configuration.
 * Source: https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/
 */
export function brokerVariables(environment: Environment): Readonly<Record<string, string>> {
  return {
    POWERTOOLS_LOGGER_LOG_EVENT: 'false',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    POWERTOOLS_SERVICE_NAME: brokerName(environment),
    POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
    POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
    POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
  };
}
