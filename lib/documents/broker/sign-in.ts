/**
 * How people sign in to the broker: names, scopes and addresses. All are literals at synth, except the API's own
 * address.
 */
import type { CognitoSignIn, Environment, People } from '@leasehold/definitions';
import { brokerName } from './names';

/** Environment variable of the function with the issuer of the deployed user pool, which AWS generates. */
export const USER_POOL_VARIABLE = 'LEASEHOLD_USER_POOL';
/** Environment variable of the function with the id of the console's client in the user pool. */
export const USER_POOL_CLIENT_VARIABLE = 'LEASEHOLD_USER_POOL_CLIENT';

/**
 * The scope of user-pool tokens. Not `aws.cognito.signin.user.admin`: with it, a stolen token could change the MFA
 * settings of its user. Source:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-access-token.html
 */
export const USER_POOL_SCOPE = 'openid';

/** Path of the console, below the address of the API. */
export const CONSOLE_PATH = '/console';

/** Name of the user pool, of its client and of the API's authorizer. */
export function signInName(environment: Environment): string {
  return brokerName(environment);
}

/** The scope that a route requires, which ID tokens do not have. */
export function signInScope({ signIn }: People): string {
  return signIn.type === 'cognito' ? USER_POOL_SCOPE : signIn.scope;
}

/** The groups of the user pool: each value that the definitions give a meaning to, sorted. */
export function userPoolGroups({ groups }: People): readonly string[] {
  const { requester, approver, administrator } = groups;
  return [...new Set([...(requester === '*' ? [] : requester), ...approver, ...administrator])].sort();
}

/**
 * The exact addresses to which the sign-in pages return.
 * @param base Address of the API with its stage, or of the console's domain, without a slash at the end.
 */
export function redirectAddresses({ redirects }: CognitoSignIn, base: string): readonly string[] {
  return [`${base}${CONSOLE_PATH}/signed-in`, ...redirects];
}

/** The exact address that people see after they sign out. */
export function signedOutAddress(base: string): string {
  return `${base}${CONSOLE_PATH}/`;
}
