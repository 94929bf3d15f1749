/** What the broker's function is started and called with. None of it is a secret. */
import type { Broker, Environment } from '../../definitions/model';
import { METRIC_NAMESPACE } from './alarms';
import { brokerName, eventsTableName, projectionsTableName, reviewerSecretName } from './names';
import { hasReviewerKey } from './things';

/** Names of the variables that the function reads by itself. */
export const BROKER_VARIABLES = {
  /** Table of the events. */
  events: 'LEASEHOLD_EVENTS_TABLE',
  /** Table of the projections. */
  projections: 'LEASEHOLD_PROJECTIONS_TABLE',
  /** Name of the secret with the reviewer's key; absent without such a reviewer. */
  reviewerSecret: 'LEASEHOLD_REVIEWER_SECRET',
} as const;

/** What the schedule calls the function with, once a minute, where API Gateway calls it with a request. */
export const SWEEP_EVENT = { source: 'leasehold.sweep' } as const;

/**
 * What the function is started with. Powertools logs no event, and traces neither answers, which hold credentials, nor
 * the texts of errors, which may quote an agent.
 * Sources: https://docs.aws.amazon.com/powertools/typescript/latest/environment-variables/
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html
 */
export function brokerVariables(broker: Broker, environment: Environment): Readonly<Record<string, string>> {
  return {
    [BROKER_VARIABLES.events]: eventsTableName(environment),
    [BROKER_VARIABLES.projections]: projectionsTableName(environment),
    ...(hasReviewerKey(broker) ? { [BROKER_VARIABLES.reviewerSecret]: reviewerSecretName(environment) } : {}),
    AWS_STS_REGIONAL_ENDPOINTS: 'regional',
    POWERTOOLS_LOGGER_LOG_EVENT: 'false',
    POWERTOOLS_LOG_LEVEL: 'INFO',
    POWERTOOLS_METRICS_NAMESPACE: METRIC_NAMESPACE,
    POWERTOOLS_SERVICE_NAME: brokerName(environment),
    POWERTOOLS_TRACER_CAPTURE_ERROR: 'false',
    POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS: 'false',
    POWERTOOLS_TRACER_CAPTURE_RESPONSE: 'false',
  };
}
