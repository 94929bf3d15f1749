/** Tokens of signed-in users, verified: on whose behalf a requester acts. */
export { type TokenDeps, tokenVerifierOf } from './verifier';
