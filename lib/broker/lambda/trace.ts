/** Traces of the calls to AWS, by X-Ray through Powertools. Parameters of calls are not in them. */
import { Tracer } from '@aws-lambda-powertools/tracer';

const tracer = new Tracer();

/** A client of the AWS SDK whose calls are traced. */
export function traced<T>(client: T): T {
  return tracer.isTracingEnabled() ? tracer.captureAWSv3Client(client) : client;
}
