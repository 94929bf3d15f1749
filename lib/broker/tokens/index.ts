/** Verifies tokens of signed-in users, on whose behalf a requester acts. */
export { type TokenDeps, tokenVerifierOf } from './verifier';
