/** The API's response to an unknown path. */
import { AwsError } from '../wire/aws-error';

/** The error for an unknown API, stage or route. */
export function notFound(): AwsError {
  return new AwsError(404, 'NotFoundException', 'There is no such route.');
}
