/** Recognizes the function of a Leasehold console in a plan. */
import { CONSOLE_ROLE_PATH } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import type { Watched } from '../model';

/** Whether a function serves the files of a console, that is, whether it has the role of such a function. */
export function isConsoleFunction({ type, values: { role } }: Watched): boolean {
  return type === 'aws_lambda_function' && typeof role === 'string' && isConsoleRole(role);
}

function isConsoleRole(arn: string): boolean {
  const parsed = parseArn(arn);
  return parsed?.service === 'iam' && parsed.resource.startsWith(`role${CONSOLE_ROLE_PATH}`);
}
