/** X-Ray traces for AWS calls, through Powertools. The traces do not contain call parameters. */
import { Tracer } from '@aws-lambda-powertools/tracer';

const tracer = new Tracer();

/** Wraps an AWS SDK client so that its calls are traced. */
export function traced<T>(client: T): T {
  return tracer.isTracingEnabled() ? tracer.captureAWSv3Client(client) : client;
}
