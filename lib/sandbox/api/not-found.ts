/** The API's answer to a path that it does not have. */
import { AwsError } from '../wire/aws-error';

/** What is answered where there is no such API, stage or route. */
export function notFound(): AwsError {
  return new AwsError(404, 'NotFoundException', 'There is no such route.');
}
