/** Reads calls that AWS denied, and the action and resource in their error messages. */
import { isArn } from '@leasehold/policy';
import type { TrailRecord } from './record';

/** Error codes that AWS services return when they deny a call. */
const DENIED =
  /^(?:Client\.)?(?:AccessDenied(?:Exception|Fault)?|UnauthorizedOperation|AuthorizationError(?:Exception)?|NotAuthorized(?:Exception)?|UnauthorizedAccess|AllAccessDisabled)$/;

export function isDenied({ errorCode, decisions }: TrailRecord): boolean {
  if (decisions !== undefined) return decisions.some(({ allowed }) => !allowed);
  return errorCode !== undefined && DENIED.test(errorCode);
}

/** What a denial names. */
export interface Denied {
  readonly action: string;
  readonly resource: string | undefined;
  /** `explicit`: a statement denies the call. `implicit`: no statement allows the call. */
  readonly how: 'explicit' | 'implicit' | undefined;
}

/** Texts longer than this are not searched. */
const LONGEST = 8192;
const MESSAGE =
  /is not authorized to perform: ([a-z0-9-]{1,64}:[A-Za-z0-9]{1,128})(?: on resource: "?([^\s"]{1,2048})"?)?/;

/**
 * The action and the resource in the error message of a denied call. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function deniedOn({ errorMessage, decisions }: TrailRecord): Denied | undefined {
  const decided = decisions?.find(({ allowed }) => !allowed);
  if (decided !== undefined) return { action: decided.action, resource: decided.resource, how: undefined };
  if (errorMessage === undefined || errorMessage.length > LONGEST) return undefined;
  const [, action, resource] = MESSAGE.exec(errorMessage) ?? [];
  if (action === undefined) return undefined;
  return {
    action,
    resource: resource !== undefined && isArn(resource) ? resource : undefined,
    how: / with an explicit deny/.test(errorMessage)
      ? 'explicit'
      : / because no /.test(errorMessage)
        ? 'implicit'
        : undefined,
  };
}
