/**
 * How people sign in to the broker: names, scopes and addresses. All values are literals at synth, except the API's own
 * address.
 */
import { CONSOLE_PATH } from '@leasehold/contract/console-site';
import type { CognitoSignIn, Environment, People } from '@leasehold/definitions';
import { brokerName } from './names';

/** The function's environment variable that contains the issuer of the deployed user pool. AWS generates the issuer. */
export const USER_POOL_VARIABLE = 'LEASEHOLD_USER_POOL';
/** The function's environment variable that contains the id of the console's client in the user pool. */
export const USER_POOL_CLIENT_VARIABLE = 'LEASEHOLD_USER_POOL_CLIENT';

/**
 * The scope of user-pool tokens. The scope `aws.cognito.signin.user.admin` is not used, because a stolen token with
 * that scope could change the user's MFA settings. Source:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export const USER_POOL_SCOPE = 'openid';

export { CONSOLE_PATH };

/**
 * Address of the console, without a slash at the end. Undefined if nobody signs in with a browser.
 * @param url Address of the API with its stage.
 */
export function consoleAddress({ broker }: Environment, url: string): string | undefined {
  if (broker?.people === undefined) return undefined;
  return `${broker.console === undefined ? url : `https://${broker.console.domain}`}${CONSOLE_PATH}`;
}

/** Name of the user pool, of its app client and of the API's authorizer. */
export function signInName(environment: Environment): string {
  return brokerName(environment);
}

/** The scope that a route requires in access tokens. ID tokens have no scopes. */
export function signInScope({ signIn }: People): string {
  return signIn.type === 'cognito' ? USER_POOL_SCOPE : signIn.scope;
}

/** The scope that the console and the command line request from the issuer. */
export function requestedScope(people: People): string {
  const { signIn } = people;
  return (signIn.type === 'oidc' ? signIn.requestScope : undefined) ?? signInScope(people);
}

/** The groups to create in the user pool: all groups that the definitions refer to, sorted. */
export function userPoolGroups({ groups }: People): readonly string[] {
  const { requester, approver, administrator } = groups;
  return [...new Set([...(requester === '*' ? [] : requester), ...approver, ...administrator])].sort();
}

/**
 * The permitted redirect URLs of the sign-in pages.
 * @param base Address of the API with its stage, or of the console's domain, without a slash at the end.
 */
export function redirectAddresses({ redirects }: CognitoSignIn, base: string): readonly string[] {
  return [`${base}${CONSOLE_PATH}/signed-in`, ...redirects];
}

/** The URL to which people are redirected after they sign out. */
export function signedOutAddress(base: string): string {
  return `${base}${CONSOLE_PATH}/`;
}
