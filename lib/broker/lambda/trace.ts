/** X-Ray traces of calls to AWS through Powertools. They do not contain call parameters. */
import { Tracer } from '@aws-lambda-powertools/tracer';

const tracer = new Tracer();

/** Wraps an AWS SDK client so that its calls are traced. */
export function traced<T>(client: T): T {
  return tracer.isTracingEnabled() ? tracer.captureAWSv3Client(client) : client;
}
