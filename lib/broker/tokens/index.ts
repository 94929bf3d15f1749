/**
 * Verifies two kinds of tokens: tokens of signed-in users on whose behalf a requester acts, and tokens of people who
 * call the broker themselves.
 */
export { type SignInRules, signInRules, signInVerifierOf, type UserPool } from './sign-in';
export { type TokenDeps, tokenVerifierOf } from './verifier';
