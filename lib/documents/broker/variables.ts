/** The environment variables of the broker's function, and its scheduled event. Neither contains a secret. */
import type { Environment } from '@leasehold/definitions';
import { METRIC_NAMESPACE } from './alarms';
import { brokerName } from './names';

/**
 * The event with which the schedule calls the function once a minute. It differs from the request events of API
 * Gateway.
 */
export const SWEEP_EVENT = { source: 'leasehold.sweep' } as const;

/**
 * The function's environment variables, all of them Powertools settings. They disable logging of events. They also
 * disable tracing of responses, which contain credentials, and of error messages, which may contain text from an agent.
 * The broker's own configuration is in its configuration file. Source:
 * https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/
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
